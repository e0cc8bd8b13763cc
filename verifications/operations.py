"""What staff may do about a text: send it again, or stop it before it goes.

Whether they may is not decided here; that a rule of the service forbids it is said in words.
"""

from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import claims, guard, notices, pickups
from .exceptions import CodeExpired, InvalidRequest, VerificationError
from .models import Message, PickupCode

_KINDS, _STATUSES = Message.Kind, Message.Status
_NOT_ARRIVED = (_STATUSES.FAILED, _STATUSES.UNDELIVERED, _STATUSES.EXPIRED, _STATUSES.UNKNOWN)


class Verdict(NamedTuple):
    """What would happen, or has; where it is not `ok`, why nothing does."""

    ok: bool
    words: str
    message_id: str = ""  # of the text that was sent


def is_resendable(message: Message) -> bool:
    """Whether asking for it makes sense at all."""
    return message.kind == _KINDS.PICKUP or (
        message.kind == _KINDS.NOTICE and message.status in _NOT_ARRIVED
    )


def may_resend(message: Message) -> Verdict:
    """Changes nothing. Raises Unavailable."""
    if message.kind == _KINDS.CODE:
        return Verdict(False, _("验证码不能由工作人员重发，请顾客在页面上重新获取。"))
    if message.status == _STATUSES.QUEUED:
        return Verdict(False, _("还在等待发送。"))
    if guard.is_blocked(message.phone):
        return Verdict(False, _("号码在黑名单中。"))
    if message.kind == _KINDS.PICKUP:
        if pickups.live_code_of(message) is None:
            return Verdict(False, _("提货码已提货、取消、过期或换新，不能重发。"))
        return Verdict(True, _("再次发送同一个提货码。"))
    return _may_repeat(message)


def _may_repeat(message: Message) -> Verdict:
    if message.status not in _NOT_ARRIVED:
        return Verdict(False, _("平台已受理或已送达，不必重发。"))
    if earlier := notices.answered(_key(message)):
        return Verdict(False, _("已经重发过；如仍未送达，请重发新的那一条。"), earlier[0].id or "")
    if message.status == _STATUSES.UNKNOWN:
        return Verdict(True, _("作为新短信发送；上一条结果未知，顾客可能收到两条。"))
    return Verdict(True, _("作为新短信发送。"))


def resend(message: Message) -> Verdict:
    """Text it again, the usual way: a notice as a new message, once a day however many ask for it;
    a pickup code unchanged, at most once in RESEND_INTERVAL. Raises Unavailable."""
    verdict = may_resend(message)
    if not verdict.ok:
        return verdict
    try:
        if message.kind == _KINDS.PICKUP:
            return _text_pickup_again(message)
        (notice,) = notices.notify(
            message.phone, message.template, message.params, idempotency_key=_key(message)
        )
    except InvalidRequest as refusal:
        return Verdict(False, refusal.extras["errors"][0]["message"])
    except VerificationError as refusal:
        if refusal.status >= 500:
            raise
        return Verdict(False, refusal.message)
    return Verdict(True, _("已重发。"), notice.id or "")


def _text_pickup_again(message: Message) -> Verdict:
    with transaction.atomic():
        code = pickups.live_code_of(message, lock=True)  # or a new code might be texted
        if code is None:
            return may_resend(message)
        pickups.issue_pickup_code(code.phone, code.order)
    return Verdict(True, _("已重发。"))


def _key(message: Message) -> str:
    return f"resend:{message.pk}"


def may_cancel(message: Message) -> Verdict:
    """Changes nothing."""
    if message.status != _STATUSES.QUEUED or message.claim:
        return Verdict(False, _("已经来不及：已交给平台，或正在发送。"))
    if _is_doubtful(message):
        return Verdict(True, _("不再发送；但平台可能已受理上一次请求，顾客仍可能收到。"))
    return Verdict(True, _("不再发送。"))


def cancel(message: Message) -> Verdict:
    """Stop a queued text that no worker holds: `failed`, or `unknown` where a platform may have
    taken it already."""
    status = _STATUSES.UNKNOWN if _is_doubtful(message) else _STATUSES.FAILED
    if message.status != _STATUSES.QUEUED or not claims.withdraw(message, "cancelled", status):
        return Verdict(False, _("已经来不及：已交给平台，或正在发送。"))
    return Verdict(True, _("已取消。"))


def _is_doubtful(message: Message) -> bool:
    return any(attempt.outcome in claims.IN_DOUBT for attempt in message.attempts.all())


def may_cancel_pickup(code: PickupCode) -> Verdict:
    """Changes nothing."""
    if code.redeemed_at or code.cancelled_at or code.expires_at <= timezone.now():
        return Verdict(False, _("已提货、已取消或已过期。"))
    return Verdict(True, _("此码立即作废，等待发送的短信一并取消。"))


def cancel_pickup(code: PickupCode) -> Verdict:
    """The code opens nothing any more. Raises Unavailable."""
    try:
        pickups.cancel_pickup_code(code.order)
    except CodeExpired:
        return Verdict(False, _("已提货、已取消或已过期。"))
    return Verdict(True, _("已取消。"))
