"""A text's whole story, from what the database keeps: written, tried, reported, what is next."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from . import reasons
from .models import DeliveryAttempt, EarlyReceipt, Message
from .quiet import quiet_until

Tone = Literal["plain", "good", "bad", "doubt"]

_OUTCOMES: dict[str, Tone] = {"sent": "good", "rejected": "bad", "unavailable": "bad"}
_STATUSES: dict[str, Tone] = {
    "sent": "plain",
    "delivered": "good",
    "undelivered": "bad",
    "failed": "bad",
    "expired": "bad",
    "unknown": "doubt",
}


class Event(NamedTuple):
    """What happened, or is to come."""

    at: datetime
    title: str
    detail: str = ""
    tone: Tone = "plain"
    coming: bool = False


def tell(
    message: Message,
    attempts: Sequence[DeliveryAttempt],
    early: Iterable[EarlyReceipt],
    now: datetime,
) -> list[Event]:
    """Its events in the order of time. `early` are reports that nobody has applied to it yet."""
    past = [*_written(message, attempts)]
    for attempt in () if message.withheld else attempts:  # none asked a platform
        past.append(_tried(attempt))
        if attempt.arrival:
            past.append(_reported(attempt))
    past += [_early(report) for report in early]
    past.sort(key=lambda event: event.at)
    if message.status == Message.Status.QUEUED:
        return [*past, *_next(message, now)]
    if not any(attempt.arrival == message.status for attempt in attempts):
        past.append(_ended(message))
    return past


def _written(message: Message, attempts: Sequence[DeliveryAttempt]) -> Iterator[Event]:
    yield Event(message.created_at, _("已创建"), f"{message.get_kind_display()} {message.template}")
    if message.withheld:
        yield Event(message.created_at, _("不实际发送"), message.get_withheld_display(), "doubt")
    morning = _morning(message, message.created_at)
    if morning and not any(attempt.started_at < morning for attempt in attempts):
        detail = _("推迟到 %(time)s") % {"time": _clock(morning)}
        yield Event(message.created_at, _("安静时段"), detail)


def _tried(attempt: DeliveryAttempt) -> Event:
    words = [attempt.get_outcome_display()]
    if attempt.code:
        words.append(reasons.of_platform(attempt.provider, attempt.code))
    if attempt.latency_ms is not None:
        words.append(_("耗时 %(ms)d 毫秒") % {"ms": attempt.latency_ms})
    title = _("请求平台 %(name)s") % {"name": attempt.provider}
    return Event(attempt.started_at, title, _joined(words), _OUTCOMES.get(attempt.outcome, "doubt"))


def _reported(attempt: DeliveryAttempt) -> Event:
    """Of reports that were applied before their time was kept, only the try's is known."""
    words = [attempt.get_arrival_display(), reasons.of_carrier(attempt.arrival_code)]
    if attempt.arrived_at is None:
        words.append(_("时间未记录"))
    title = _("%(name)s 的状态报告") % {"name": attempt.provider}
    arrived = attempt.arrival == DeliveryAttempt.Arrival.DELIVERED
    tone: Tone = "good" if arrived else "bad"
    return Event(attempt.arrived_at or attempt.started_at, title, _joined(words), tone)


def _early(report: EarlyReceipt) -> Event:
    status = DeliveryAttempt.Arrival.DELIVERED if report.delivered else "undelivered"
    words = [str(DeliveryAttempt.Arrival(status).label), reasons.of_carrier(report.code)]
    title = _("%(name)s 的状态报告，尚未处理") % {"name": report.provider}
    return Event(report.received_at, title, _joined(words), "doubt")


def _ended(message: Message) -> Event:
    if message.withheld:  # a status for whoever asked, and for nobody else
        return Event(message.updated_at, message.get_status_display(), "", "doubt")
    words = [reasons.of_message(message)]
    if message.status == Message.Status.SENT:
        words.append(_("平台已受理，等待状态报告"))
    if message.status == Message.Status.UNKNOWN:
        words.append(_("平台可能已受理；如有状态报告，以报告为准"))
    return Event(
        message.updated_at, message.get_status_display(), _joined(words), _STATUSES[message.status]
    )


def _next(message: Message, now: datetime) -> Iterator[Event]:
    detail = _joined([reasons.of_message(message), _rounds(message)])
    if message.claim and message.claimed_until and message.claimed_until > now:
        yield Event(now, _("正在发送"), detail)
    elif message.claim:
        yield Event(now, _("发送进程中断，等待另一个进程接手"), detail, "doubt")
    elif _morning(message, now):
        yield Event(message.due_at, _("安静时段结束后发送"), detail, coming=True)
    elif message.rounds and message.due_at > now:
        yield Event(message.due_at, _("再次发送"), detail, coming=True)
    else:
        yield Event(now, _("在队列中等待发送"), detail)
    if message.expires_at > now:
        yield Event(message.expires_at, _("此后不再发送"), coming=True)


def _rounds(message: Message) -> str:
    return _("已推迟 %(n)d 次") % {"n": message.rounds} if message.rounds else ""


def _morning(message: Message, moment: datetime) -> datetime | None:
    return quiet_until(moment) if message.kind == Message.Kind.NOTICE else None


def _clock(moment: datetime) -> str:
    return date_format(localtime(moment), "m-d H:i")


def _joined(words: Iterable[str]) -> str:
    return " · ".join(filter(None, words))
