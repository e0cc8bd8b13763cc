"""TemplateSMS: the checks on a message, and its way to the phones."""

import re
import secrets
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sandbox.accounts import Account, Template
from sandbox.cloopen import codes
from sandbox.cloopen.codec import Fields
from sandbox.cloopen.codes import PlatformError
from sandbox.cloopen.receipts import Sent, receipt, stamp
from sandbox.phones import Text, e164
from sandbox.world import World

FIELDS = {"to", "appId", "templateId", "datas", "subAppend", "reqId"}
LISTS = frozenset({"datas"})
MOST_NUMBERS = 200
MOST_REQ_ID = 32
MOST_TEMPLATE_ID = 20

# The platform's documents show bare mainland numbers only, so nothing else is taken.
_MOBILE = re.compile("1[3-9][0-9]{9}")
_BLANK = re.compile(r"\{([0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Sms:
    """A request that passed every check."""

    account: Account
    template: Template
    numbers: tuple[str, ...]
    text: str
    extension: str
    req_id: str


def check(fields: Fields, account: Account, accounts: tuple[Account, ...]) -> Sms:
    """The message asked for; raises PlatformError."""
    check_app(fields, account, accounts)
    numbers = _numbers(_string(fields, "to"))
    template = _template(_string(fields, "templateId"), account, accounts)
    datas = fields.get("datas", [])
    text = _fill(template, list(datas))
    extension, req_id = _extension(fields), _req_id(fields)
    if float(account.balance) <= 0:
        raise PlatformError(codes.NO_BALANCE)
    return Sms(account, template, numbers, text, extension, req_id)


def check_app(fields: Fields, account: Account, accounts: tuple[Account, ...]) -> None:
    """That appId is this account's; raises PlatformError."""
    app_id = _string(fields, "appId")
    if not app_id:
        raise PlatformError(codes.APP_EMPTY)
    if not re.fullmatch("[0-9A-Za-z]+", app_id):
        raise PlatformError(codes.APP_CHARACTERS)
    if len(app_id) != len(account.app_id):
        raise PlatformError(codes.APP_LENGTH)
    if app_id != account.app_id:
        elsewhere = any(item.app_id == app_id for item in accounts)
        raise PlatformError(codes.APP_OF_ANOTHER if elsewhere else codes.APP_UNKNOWN)


def _string(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


def _numbers(to: str) -> tuple[str, ...]:
    if not to:
        raise PlatformError(codes.TO_EMPTY)
    numbers = tuple(to.split(","))
    if len(numbers) > MOST_NUMBERS:
        raise PlatformError(codes.TO_TOO_MANY)
    if "" in numbers:
        raise PlatformError(codes.TO_HAS_EMPTY)
    bad = [number for number in numbers if not _MOBILE.fullmatch(number)]
    if bad:
        raise PlatformError(codes.TO_BAD if len(bad) == 1 else codes.TO_SEVERAL_BAD)
    if len(set(numbers)) != len(numbers):
        raise PlatformError(codes.TO_REPEATED)
    return numbers


def _template(template_id: str, account: Account, accounts: tuple[Account, ...]) -> Template:
    if not template_id:
        raise PlatformError(codes.TEMPLATE_EMPTY)
    if not re.fullmatch("[0-9]+", template_id):
        raise PlatformError(codes.TEMPLATE_NOT_DIGITS)
    if len(template_id) > MOST_TEMPLATE_ID:
        raise PlatformError(codes.TEMPLATE_LONG)
    template = account.template(template_id)
    if template is None:
        elsewhere = any(item.template(template_id) for item in accounts)
        raise PlatformError(codes.TEMPLATE_OF_ANOTHER if elsewhere else codes.TEMPLATE_UNKNOWN)
    if template.status != "approved":
        raise PlatformError(codes.TEMPLATE_UNAPPROVED)
    return template


def _fill(template: Template, datas: list[str]) -> str:
    """More values than blanks are let pass: the vendor's own SDK sample sends such."""
    blanks = max((int(number) for number in _BLANK.findall(template.text)), default=0)
    if blanks and not datas:
        raise PlatformError(codes.DATAS_EMPTY)
    if len(datas) < blanks:
        raise PlatformError(codes.DATAS_FEW, f"模板有{blanks}个变量，只给了{len(datas)}个")
    return _BLANK.sub(lambda match: datas[int(match[1]) - 1], template.text)


def _extension(fields: Fields) -> str:
    extension = _string(fields, "subAppend")
    if "subAppend" in fields and not re.fullmatch("[0-9]{4}", extension):
        raise PlatformError(codes.EXTENSION)
    return extension


def _req_id(fields: Fields) -> str:
    req_id = _string(fields, "reqId")
    if len(req_id) > MOST_REQ_ID:
        raise PlatformError(codes.REQ_ID_LONG)
    if "reqId" in fields and not re.fullmatch("[0-9A-Za-z]+", req_id):
        raise PlatformError(codes.PARSE, "reqId只能是字母和数字")
    return req_id


class RequestIds:
    """The reqIds taken: each once for an account and a day in Shanghai."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: dict[date, set[tuple[str, str]]] = {}

    def take(self, sid: str, req_id: str, day: date) -> None:
        """Marks it taken; raises PlatformError if it was. Two requests at once: one gets it."""
        with self._lock:
            if day not in self._taken:
                # Its neighbours stay: around midnight requests of both days cross.
                kept = {day, day - timedelta(days=1), day + timedelta(days=1)}
                self._taken = {past: ids for past, ids in self._taken.items() if past in kept}
            taken = self._taken.setdefault(day, set())
            if (sid, req_id) in taken:
                raise PlatformError(codes.REQ_ID_USED)
            taken.add((sid, req_id))


def send(sms: Sms, world: World, media: str) -> dict[str, str]:
    """Texts every number; gives smsMessageSid (32 hex digits, one a request) and dateCreated.

    `media` is the request's, 'json' or 'xml': its reports are pushed in the same.
    """
    moment = world.time()
    message_sid = f"ff8080{secrets.token_hex(13)}"
    for number in sms.numbers:
        text = Text(
            phone=e164(number),
            text=sms.text,
            provider="cloopen",
            template=sms.template.id,
            at=moment.isoformat(timespec="milliseconds"),
        )
        sent = Sent(sms.account.app_id, sms.text, sms.extension, sms.req_id, message_sid, number)
        world.deliver(text, partial(receipt, sent, moment, media))
    return {"smsMessageSid": message_sid, "dateCreated": stamp(moment)}
