"""Quiet hours: a notice waits for the morning, a code never does."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from . import conf


def quiet_until(moment: datetime) -> datetime | None:
    """The end of the quiet hours that `moment` falls into; None where it falls into none."""
    settings = conf.get()
    if not settings.quiet_hours:
        return None
    start, end = map(time.fromisoformat, settings.quiet_hours)
    local = moment.astimezone(ZoneInfo(settings.time_zone))
    today = datetime.combine(local.date(), end, tzinfo=local.tzinfo)
    clock = local.time()
    if start <= end:
        return today if start <= clock < end else None
    if clock >= start:
        return today + timedelta(days=1)
    return today if clock < end else None
