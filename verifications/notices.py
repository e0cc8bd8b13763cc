"""Notices: 快递物流 and any other text that is no code, to one phone or to a thousand."""

import hashlib
import json
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import conf, guard, outgoing, phones, tasks
from .database import after_commit, reachable
from .exceptions import InvalidRequest, PhoneBlocked, VerificationError
from .models import IdempotencyKey, Message
from .quiet import quiet_until

MOST_PHONES = 1000  # a call
_MOST_CHARACTERS = 500  # a parameter


@dataclass(frozen=True)
class Notice:
    """What became of one phone of a call. `id` is None for a phone that is refused."""

    id: str | None
    phone: str = field(repr=False)  # E.164; as it was given where it is refused
    status: str  # queued, or failed
    code: str = ""  # of the refusal: invalid_phone, country_not_allowed


def notify(
    to: str | Sequence[str],
    template: str,
    params: Mapping[str, str],
    *,
    idempotency_key: str | None = None,
) -> list[Notice]:
    """Text a notice to a phone, or to up to 1,000. `params` fill the template's places by name.

    It is written in the caller's transaction and sent after its commit; in the quiet hours, in the
    morning. Of several phones the bad ones are reported in their place and the good ones go out;
    a phone that stands twice is texted once. The same key within IDEMPOTENCY_TTL answers the same
    and sends nothing.

    Raises InvalidRequest (template, params, number of phones, a key used for something else) or
    Unavailable; for a single phone InvalidPhone and CountryNotAllowed too.
    """
    check(template, params)
    if isinstance(to, str):
        phones.normalise(to, conf.get().allowed_countries)
        to = [to]
    _check_size(to)
    asked = [template, [*to], dict(params)]
    return _notify(template, [(raw, params) for raw in to], idempotency_key, asked)


def notify_each(template: str, rows: Sequence[tuple[str, Mapping[str, str]]]) -> list[Notice]:
    """Text up to 1,000 phones, each with parameters of its own: rows of (phone, params).

    For many texts it takes a tenth of what as many calls of notify() take; else it does the same.
    """
    _check_size(rows)
    for _raw, params in rows:
        check(template, params)
    return _notify(template, rows)


def _check_size(rows: Sized) -> None:
    if not 1 <= len(rows) <= MOST_PHONES:
        raise _invalid("to", _("每次可发送 1 至 1000 个号码。"))


def check(template: str, params: Mapping[str, str]) -> None:
    """Raises InvalidRequest unless there is such a notice and these fill its places."""
    known = conf.get().templates.get(template)
    if known is None or "code" in known.params:
        raise _invalid("template", _("没有这个通知模板。"))
    if known.params != (*params,):  # as they mostly are, in this order
        for name in {*known.params} ^ {*params}:
            raise _invalid(f"params.{name}", _("模板需要的参数：%s。") % ", ".join(known.params))
    for name, value in params.items():
        if not isinstance(value, str) or not _usable(value):
            raise _invalid(f"params.{name}", _("应为 1 至 500 个字符的文本。"))


def _usable(value: str) -> bool:
    """No hole in the text, no NUL, which PostgreSQL cannot keep, no half of a surrogate pair."""
    try:
        return b"\0" not in value.encode() and 1 <= len(value.strip()) <= _MOST_CHARACTERS
    except UnicodeEncodeError:
        return False


def _invalid(name: str, message: str) -> InvalidRequest:
    return InvalidRequest([{"field": name, "message": message}])


def _notify(
    template: str,
    rows: Sequence[tuple[str, Mapping[str, str]]],
    key: str | None = None,
    asked: object = None,
) -> list[Notice]:
    messages: dict[tuple[object, ...], Message] = {}
    notices = [_notice(raw, template, params, messages) for raw, params in rows]
    morning = quiet_until(timezone.now())
    if morning:
        for message in messages.values():
            message.due_at = morning
            message.expires_at = morning + timedelta(seconds=conf.get().notice_ttl)
    with reachable(), transaction.atomic():
        earlier = _once(key, asked, notices) if key else None
        if earlier is not None:
            return earlier
        Message.objects.bulk_create(messages.values())
        if not morning:
            after_commit(lambda: tasks.put([*messages.values()]))
    return notices


def _notice(
    raw: str,
    template: str,
    params: Mapping[str, str],
    messages: dict[tuple[object, ...], Message],
) -> Notice:
    """The answer for one phone; its message joins `messages`."""
    try:
        phone = phones.normalise(raw, conf.get().allowed_countries)
    except VerificationError as refusal:
        return Notice(None, raw[:32], Message.Status.FAILED, refusal.code)
    if guard.is_blocked(phone):
        return Notice(None, phone, Message.Status.FAILED, PhoneBlocked.code)
    text = (phone, *params.items())
    if text not in messages:
        messages[text] = outgoing.new(
            Message.Kind.NOTICE, phone, template, params, life=conf.get().notice_ttl
        )
    return Notice(str(messages[text].pk), phone, Message.Status.QUEUED)


def _once(key: str, asked: object, notices: list[Notice]) -> list[Notice] | None:
    """Take an idempotency key: None the first time, after that what the first call answered.

    Raises InvalidRequest where the first call asked for something else.
    """
    now = timezone.now()
    raw = json.dumps(asked, sort_keys=True).encode()
    mine = IdempotencyKey(
        digest=_digest(key),
        fingerprint=hashlib.blake2b(raw, digest_size=16).hexdigest(),
        answer=[[one.id, one.phone, one.status, one.code] for one in notices],
        expires_at=now + timedelta(seconds=conf.get().idempotency_ttl),
    )
    while True:
        try:
            with transaction.atomic():
                mine.save(force_insert=True)
        except IntegrityError:
            # Locked, since a plain read in the caller's transaction may look at an older state.
            earlier = IdempotencyKey.objects.select_for_update().filter(digest=mine.digest).first()
        else:
            return None
        if earlier and earlier.expires_at <= now:
            earlier.delete()
        elif earlier and earlier.fingerprint != mine.fingerprint:
            raise _invalid("Idempotency-Key", _("这个键已用于另一个请求。"))
        elif earlier:
            return [Notice(*one) for one in earlier.answer]


def answered(key: str) -> list[Notice] | None:
    """What the call with this idempotency key answered; None where there was none."""
    with reachable():
        earlier = IdempotencyKey.objects.filter(
            digest=_digest(key), expires_at__gt=timezone.now()
        ).first()
    return [Notice(*one) for one in earlier.answer] if earlier else None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
