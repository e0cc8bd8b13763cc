"""提货码: a code that lives for days and that staff redeem once.

All of it is in the database, so that it survives losing Redis. The code itself is nowhere: it is
derived from the row's `challenge` when it is texted or compared. A guess is counted by conditional
UPDATE before it is looked at.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import codes, conf, guard, outgoing, phones, tasks
from .database import after_commit, reachable
from .exceptions import (
    CodeExpired,
    CodeIncorrect,
    Cooldown,
    InvalidRequest,
    PhoneBlocked,
    TooManyAttempts,
)
from .models import Message, PickupCode

TEMPLATE = "pickup_code"  # its places: code, order, until
_MOST_CHARACTERS = 64  # an order's number


class WrongPickupCode(CodeIncorrect):
    default_message = gettext_lazy("提货码不正确，还可以尝试 %(attempts_left)d 次。")
    last_message = gettext_lazy("提货码多次输入错误，请稍后再试，或联系客服。")


class NoPickupCode(CodeExpired):
    default_message = gettext_lazy("没有可用的提货码：可能已提货、已取消或已过期，请核对订单。")


class TooManyPickupGuesses(TooManyAttempts):
    default_message = gettext_lazy("提货码错误次数过多，请在 %(wait)s后再试。")


class PickupCooldown(Cooldown):
    default_message = gettext_lazy("提货码刚刚发过，请在 %(wait)s后再发。")


@dataclass(frozen=True)
class Pickup:
    """A pickup code, without the code."""

    order: str
    phone: str = field(repr=False)  # E.164
    expires_at: datetime
    redeemed_at: datetime | None = None


def issue_pickup_code(phone: str, order: str) -> Pickup:
    """Text the code of an order, in the caller's transaction and after its commit.

    Asked for again, the same code is texted again, at most once in RESEND_INTERVAL; it lives
    PICKUP_TTL from the first text. A cancelled or expired one is followed by a new one.

    Raises InvalidPhone, CountryNotAllowed, PhoneBlocked, Cooldown, InvalidRequest (the order is
    another phone's, or was picked up) or Unavailable.
    """
    phone = phones.normalise(phone, conf.get().allowed_countries)
    if guard.is_blocked(phone):
        raise PhoneBlocked
    if not _is_order(order):
        raise _invalid("order", _("应为 1 至 64 个字符的订单号。"))
    with reachable(), transaction.atomic():
        pickup = _current(phone, order)
        message = outgoing.new(
            Message.Kind.PICKUP,
            phone,
            TEMPLATE,
            {"order": order, "until": _date(pickup.expires_at)},
            challenge=pickup.challenge,
            life=(pickup.expires_at - timezone.now()).total_seconds(),
        )
        message.save(force_insert=True)
        after_commit(lambda: tasks.put([message]))
    return _shown(pickup)


def redeem_pickup_code(code: str, *, order: str | None = None, phone: str | None = None) -> Pickup:
    """Hand over: a right code passes once, with the order's number or the phone it was texted to.

    Not inside a transaction, or a rollback would give wrong guesses back: that is a RuntimeError.
    Raises CodeIncorrect, CodeExpired (no live code: never sent, expired, cancelled or redeemed),
    TooManyAttempts, InvalidPhone, InvalidRequest (neither or both of order and phone) or
    Unavailable.
    """
    if (order is None) == (phone is None):
        raise _invalid("order", _("请提供订单号或手机号其中之一。"))
    if order is not None and not _is_order(order):
        raise NoPickupCode
    of = {"order": order}
    if phone is not None:
        of = {"phone": phones.normalise(phone, conf.get().allowed_countries)}
    with reachable():
        with transaction.atomic(durable=True):
            asked = list(_live().filter(**of))
            if not asked:
                raise NoPickupCode
            open_to_guesses = [pickup for pickup in asked if _count_guess(pickup)]
        found = next((one for one in open_to_guesses if _is_code_of(one, code)), None)
        if found is None:
            raise _refusal(asked, open_to_guesses)
        now = timezone.now()
        if not _live().filter(pk=found.pk).update(redeemed_at=now):
            raise NoPickupCode  # somebody else was faster
        PickupCode.objects.filter(pk__in=[one.pk for one in asked]).update(failures=0)
    found.redeemed_at = now
    return _shown(found)


def cancel_pickup_code(order: str) -> Pickup:
    """The code of an order opens nothing any more. Raises CodeExpired where it has no live one."""
    if not _is_order(order):
        raise NoPickupCode
    with reachable(), transaction.atomic():
        pickup = _live().filter(order=order).first()
        now = timezone.now()
        if pickup is None or not _live().filter(pk=pickup.pk).update(cancelled_at=now):
            raise NoPickupCode
        waiting = Message.objects.filter(challenge=pickup.challenge, kind=Message.Kind.PICKUP)
        waiting.filter(status=Message.Status.QUEUED, claim=None).update(
            status=Message.Status.FAILED, reason="cancelled", updated_at=now
        )
    return _shown(pickup)


def live_code_of(message: Message, *, lock: bool = False) -> PickupCode | None:
    """The code that a message texted, if it still opens something; `lock`ed in the caller's
    transaction."""
    with reachable():
        rows = _live().select_for_update() if lock else _live()
        order = message.params.get("order", "")
        return rows.filter(order=order, challenge=message.challenge).first()


def _is_order(order: str) -> bool:
    return 1 <= len(order) <= _MOST_CHARACTERS and order.isprintable()


def _current(phone: str, order: str) -> PickupCode:
    """The order's live code, to be texted now: the one that is there, or a new one."""
    now = timezone.now()
    fresh = {
        "phone": phone,
        "challenge": codes.new_seed(),
        "created_at": now,
        "expires_at": now + timedelta(seconds=conf.get().pickup_ttl),
        "texted_at": now,
        "cancelled_at": None,
        "failures": 0,
    }
    try:
        with transaction.atomic():
            return PickupCode.objects.create(order=order, **fresh)
    except IntegrityError:
        pickup = PickupCode.objects.select_for_update().get(order=order)
    if pickup.redeemed_at:
        raise _invalid("order", _("该订单已提货。"))
    if pickup.cancelled_at or pickup.expires_at <= now:
        PickupCode.objects.filter(pk=pickup.pk).update(**fresh)
        pickup.refresh_from_db()
        return pickup
    if pickup.phone != phone:
        raise _invalid("order", _("该订单的提货码已发给另一个手机号。"))
    rest = pickup.texted_at + timedelta(seconds=conf.get().resend_interval) - now
    if rest > timedelta():
        raise PickupCooldown(retry_after=-(-rest // timedelta(seconds=1)))
    PickupCode.objects.filter(pk=pickup.pk).update(texted_at=now)
    return pickup


def _live() -> QuerySet[PickupCode]:
    return PickupCode.objects.filter(
        redeemed_at=None, cancelled_at=None, expires_at__gt=timezone.now()
    )


def _count_guess(pickup: PickupCode) -> bool:
    """Whether one more guess is allowed; it is counted then."""
    most, seconds = conf.get().pickup_failure_limit
    now = timezone.now()
    row = PickupCode.objects.filter(pk=pickup.pk)
    row.filter(failing_since__lte=now - timedelta(seconds=seconds)).update(
        failures=0, failing_since=None
    )
    return bool(
        row.filter(failures__lt=most).update(
            failures=F("failures") + 1, failing_since=Coalesce("failing_since", now)
        )
    )


def _is_code_of(pickup: PickupCode, code: str) -> bool:
    right = codes.code_of(pickup.challenge, conf.get().code_length)
    return right is not None and hmac.compare_digest(right.encode(), codes.typed(code).encode())


def _refusal(
    asked: Sequence[PickupCode], open_to_guesses: Sequence[PickupCode]
) -> CodeIncorrect | TooManyAttempts:
    most, seconds = conf.get().pickup_failure_limit
    rows = PickupCode.objects.filter(pk__in=[one.pk for one in asked])
    state = list(rows.values_list("failures", "failing_since"))
    if open_to_guesses:
        return WrongPickupCode(max(0, most - min(failures for failures, _ in state)))
    ends = min(since or timezone.now() for _, since in state) + timedelta(seconds=seconds)
    return TooManyPickupGuesses(
        retry_after=max(1, int((ends - timezone.now()).total_seconds()) + 1)
    )


def _date(moment: datetime) -> str:
    local = moment.astimezone(ZoneInfo(conf.get().time_zone))
    return f"{local.month}月{local.day}日{local:%H:%M}"


def _invalid(name: str, message: str) -> InvalidRequest:
    return InvalidRequest([{"field": name, "message": message}])


def _shown(pickup: PickupCode) -> Pickup:
    return Pickup(pickup.order, pickup.phone, pickup.expires_at, pickup.redeemed_at)
