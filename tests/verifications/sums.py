"""What was summed up of texts, as it stands in the database."""

from collections import Counter
from datetime import UTC, datetime

from verifications.models import HourlyCount

START = datetime(2026, 1, 1, 4, tzinfo=UTC)


def counted(series: str) -> Counter[tuple[str, str]]:
    """By (name, outcome)."""
    rows = HourlyCount.objects.filter(series=series).values_list("name", "outcome", "count")
    return Counter({(name, outcome): count for name, outcome, count in rows})
