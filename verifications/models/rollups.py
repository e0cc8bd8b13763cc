"""Sums of what was sent, by the hour (verifications/rollups.py): they outlive the texts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# Upper bounds of the buckets that times are counted in; what is above all of them is in `more`.
ANSWER_MS = (10, 20, 50, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000)
ARRIVAL_S = (1, 2, 3, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 21_600)


def buckets(name: str, bounds: tuple[int, ...]) -> list[str]:
    """The names of the columns: `answer_10`, ..., `answer_more`."""
    return [f"{name}_{bound}" for bound in (*bounds, "more")]


ANSWERS, ARRIVALS = buckets("answer", ANSWER_MS), buckets("arrival", ARRIVAL_S)


class Hour(models.Model):
    """An hour of UTC that was summed up, and when: whoever writes its sums locks this row."""

    start = models.DateTimeField(_("时间"), primary_key=True)
    rolled_at = models.DateTimeField()

    class Meta:
        verbose_name = _("看板")
        verbose_name_plural = _("看板")
        default_permissions = ()
        permissions = [("view_dashboard", _("查看看板"))]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%dT%HZ}"


class HourlyCount(models.Model):
    """How many of a kind.

    | series       | name            | outcome                          |
    |--------------|-----------------|----------------------------------|
    | message      | `code:login`    | a Message.Status, or `withheld`  |
    | send_code    | a purpose       | `ok`, or the refusal             |
    | verify_code  | a purpose       | `ok`, or the refusal             |
    | platform     | a platform      | its error code                   |
    | carrier      | a platform      | the carrier's code in the report |
    """

    hour = models.ForeignKey(Hour, on_delete=models.CASCADE, related_name="counts")
    series = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    outcome = models.CharField(max_length=64)
    count = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                # In this order the index finds what most panels ask for.
                fields=["series", "outcome", "hour", "name"],
                name="hourly_count_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.hour_id} {self.series} {self.name} {self.outcome}"


class HourlyAttempts(models.Model):
    """What a platform did with the texts to a carrier's phones.

    Besides what is written here it has a column a bucket, for sums in the database: `answer_…`, the
    milliseconds that the platform took to answer, and `arrival_…`, the seconds until the report.
    """

    hour = models.ForeignKey(Hour, on_delete=models.CASCADE, related_name="attempts")
    provider = models.CharField(max_length=32)
    carrier = models.CharField(max_length=8)  # phones.Carrier
    taken = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    unavailable = models.PositiveIntegerField(default=0)
    uncertain = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    undelivered = models.PositiveIntegerField(default=0)
    vars().update({name: models.PositiveIntegerField(default=0) for name in ANSWERS + ARRIVALS})

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "provider", "carrier"], name="hourly_attempts_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.hour_id} {self.provider} {self.carrier}"
