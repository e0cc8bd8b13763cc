"""The dashboard's numbers as they are read: shares, times, moments."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .. import conf
from ..models.rollups import ANSWER_MS, ARRIVAL_S

NOTHING = "—"


def moment(at: datetime, form: str) -> str:
    """In TIME_ZONE, whatever the server's."""
    return date_format(timezone.localtime(at, ZoneInfo(conf.get().time_zone)), form)


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else NOTHING


def answer(ms: float | None) -> str:
    return NOTHING if ms is None else _duration(ms / 1000, ANSWER_MS[-1] / 1000)


def arrival(seconds: float | None) -> str:
    return NOTHING if seconds is None else _duration(seconds, ARRIVAL_S[-1])


def _duration(seconds: float, most: float) -> str:
    if math.isinf(seconds):
        return f"> {_duration(most, most)}"
    if seconds < 1:
        return _("%(n)d 毫秒") % {"n": math.ceil(seconds * 1000)}
    if seconds < 120:
        return _("%(n)s 秒") % {"n": f"{seconds:.1f}".removesuffix(".0")}
    if seconds < 7200:
        return _("%(n)d 分钟") % {"n": round(seconds / 60)}
    return _("%(n)d 小时") % {"n": round(seconds / 3600)}
