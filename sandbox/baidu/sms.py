"""sendSms: the checks on a message, and its way to the phones."""

import re
import uuid
from dataclasses import dataclass
from functools import partial

from sandbox.accounts import Template
from sandbox.baidu import codes
from sandbox.baidu.accounts import Account
from sandbox.baidu.body import Fields
from sandbox.baidu.codes import PlatformError
from sandbox.baidu.reports import Sent, report
from sandbox.phones import Text, e164
from sandbox.wire import Call
from sandbox.world import World

MOST_NUMBERS = 200

# Mainland numbers bare, all others in E.164 with the +.
_MOBILE = re.compile(r"1[3-9][0-9]{9}|\+(?!86)[1-9][0-9]{6,14}")
_BLANK = re.compile(r"\$\{([0-9A-Za-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Sms:
    """A request that passed every check but those on the single numbers."""

    account: Account
    template: str
    numbers: tuple[str, ...]
    text: str
    custom: str


def call(*numbers: str) -> Call:
    """A send to those numbers, for a fault to match."""
    phones = frozenset(map(e164, numbers))
    return Call("sendSms", sends=True, phones=phones, number_codes=frozenset(codes.OF_A_NUMBER))


def check(fields: Fields, account: Account) -> Sms:
    """The message asked for; raises PlatformError."""
    numbers = tuple(fields.mobile.split(","))
    if len(numbers) > MOST_NUMBERS:
        raise PlatformError(codes.TOO_MANY)
    signature = account.signature(fields.signature_id)
    if signature is None:
        raise PlatformError(codes.SIGNATURE)
    template = account.template(fields.template)
    if template is None or template.status != "approved":
        raise PlatformError(codes.TEMPLATE)
    text = f"【{signature}】{_fill(template, fields.content_var)}"
    if fields.user_ext_id and not re.fullmatch("[0-9]+", fields.user_ext_id):
        raise PlatformError(codes.PARAMETER, "userExtId")
    if float(account.balance) <= 0:
        raise PlatformError(codes.NO_BALANCE)
    return Sms(account, template.id, numbers, text, fields.custom)


def _fill(template: Template, values: dict[str, object]) -> str:
    """More values than blanks are let pass: what is not recognized is ignored."""
    if not all(isinstance(value, str) for value in values.values()):
        raise PlatformError(codes.NOT_STRINGS)
    for name in _BLANK.findall(template.text):
        if name not in values:
            raise PlatformError(codes.VARIABLE_MISSING, name)
    return _BLANK.sub(lambda match: str(values[match[1]]), template.text)


def send(sms: Sms, world: World, request_id: str, token: str) -> list[dict[str, str]]:
    """Texts every number that is one; gives a row a number: code, message, mobile, messageId.

    `token` is the client's, and heads the messageIds if it is not empty.
    """
    head, rows, seen = token or str(uuid.uuid4()), list[dict[str, str]](), set[str]()
    for number in sms.numbers:
        code, message = _outcome(number, seen, world)
        seen.add(number)
        message_id = f"{head}_{number}"
        if code == codes.OK:
            sent = Sent(sms.account.id, request_id, message_id, number, sms.text, sms.custom)
            _text(sms, world, sent)
        rows.append({"code": code, "message": message, "mobile": number, "messageId": message_id})
    return rows


def _outcome(number: str, seen: set[str], world: World) -> tuple[str, str]:
    fault = world.faults.take_number("baidu", call(number))
    if fault:
        return fault.code, fault.message or codes.MESSAGES[fault.code]
    if not _MOBILE.fullmatch(number):
        return codes.NUMBER, codes.MESSAGES[codes.NUMBER]
    # Twice the same messageId could not be told apart.
    code = codes.PARAMETER if number in seen else codes.OK
    return code, codes.MESSAGES[code]


def _text(sms: Sms, world: World, sent: Sent) -> None:
    moment = world.time()
    text = Text(
        phone=e164(sent.number),
        text=sms.text,
        provider="baidu",
        template=sms.template,
        at=moment.isoformat(timespec="milliseconds"),
    )
    world.deliver(text, partial(report, sent, moment, str(uuid.uuid4())))
