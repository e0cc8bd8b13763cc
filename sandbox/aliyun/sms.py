"""SendSms and SendBatchSms: the checks on a message, and its way to the phones."""

import re
import secrets
from dataclasses import dataclass
from functools import partial

from sandbox import strictjson
from sandbox.accounts import Template
from sandbox.aliyun import codes
from sandbox.aliyun.accounts import Account
from sandbox.aliyun.codes import PlatformError
from sandbox.aliyun.reports import Details, Sent, report
from sandbox.phones import Text, e164
from sandbox.world import World

REQUIRED = {"PhoneNumbers", "SignName", "TemplateCode"}
OPTIONAL = {"TemplateParam", "SmsUpExtendCode", "OutId"}
BATCH_REQUIRED = {"PhoneNumberJson", "SignNameJson", "TemplateCode"}
BATCH_OPTIONAL = {"TemplateParamJson", "SmsUpExtendCodeJson", "OutId"}
MOST_NUMBERS = 1000
MOST_IN_A_BATCH = 100
MOST_OUT_ID = 255

_MOBILE = re.compile(r"(?:\+86|0086|86)?1[3-9][0-9]{9}")
_BLANK = re.compile(r"\$\{([0-9A-Za-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Sms:
    """A request that passed every check. `texts` are pairs of a number and what it gets."""

    account: Account
    template: str
    texts: tuple[tuple[str, str], ...]
    out_id: str


def check(fields: dict[str, str], account: Account) -> Sms:
    """What SendSms asks for: one text to all; raises PlatformError."""
    numbers = fields["PhoneNumbers"].split(",")
    _check_numbers(numbers, MOST_NUMBERS)
    _check_sign_name(fields["SignName"], account)
    template = _template(fields["TemplateCode"], account)
    text = _text(account, template, _read(fields.get("TemplateParam") or "{}"))
    _check_extend_code(fields.get("SmsUpExtendCode", ""))
    return _sms(fields, account, [(number, text) for number in numbers])


def check_batch(fields: dict[str, str], account: Account) -> Sms:
    """What SendBatchSms asks for: each number its own; raises PlatformError."""
    numbers = _strings(fields["PhoneNumberJson"])
    _check_numbers(numbers, MOST_IN_A_BATCH)
    sign_names = _strings(fields["SignNameJson"])
    given, extended = fields.get("TemplateParamJson"), fields.get("SmsUpExtendCodeJson")
    values = _list(given) if given else [{} for _ in numbers]
    extend_codes = _strings(extended) if extended else ["" for _ in numbers]
    if {len(sign_names), len(values), len(extend_codes)} != {len(numbers)}:
        raise PlatformError(codes.PARAMETERS, "各列表的长度不同")
    for sign_name in sign_names:
        _check_sign_name(sign_name, account)
    for extend_code in extend_codes:
        _check_extend_code(extend_code)
    template = _template(fields["TemplateCode"], account)
    texts = [_text(account, template, value) for value in values]
    return _sms(fields, account, list(zip(numbers, texts, strict=True)))


def _sms(fields: dict[str, str], account: Account, texts: list[tuple[str, str]]) -> Sms:
    out_id = fields.get("OutId", "")
    if len(out_id) > MOST_OUT_ID:
        raise PlatformError(codes.PARAMETERS, "OutId")
    if float(account.balance) <= 0:
        raise PlatformError(codes.NO_BALANCE)
    return Sms(account, fields["TemplateCode"], tuple(texts), out_id)


def _check_numbers(numbers: list[str], most: int) -> None:
    if len(numbers) > most:
        raise PlatformError(codes.TOO_MANY)
    if not numbers or not all(_MOBILE.fullmatch(number) for number in numbers):
        raise PlatformError(codes.NUMBER)


def _check_sign_name(sign_name: str, account: Account) -> None:
    if sign_name != account.sign_name:
        raise PlatformError(codes.SIGN_NAME)


def _check_extend_code(extend_code: str) -> None:
    if not re.fullmatch("[0-9]*", extend_code):
        raise PlatformError(codes.EXTEND_CODE)


def _template(code: str, account: Account) -> Template:
    template = account.template(code)
    if template is None or template.status != "approved":
        raise PlatformError(codes.TEMPLATE)
    return template


def _text(account: Account, template: Template, values: object) -> str:
    """Values for no blank of the template are let pass."""
    if not isinstance(values, dict) or not all(isinstance(item, str) for item in values.values()):
        raise PlatformError(codes.JSON_PARAM)
    for name in _BLANK.findall(template.text):
        if name not in values:
            raise PlatformError(codes.TEMPLATE_PARAMETERS, name)
    filled = _BLANK.sub(lambda match: str(values[match[1]]), template.text)
    return f"【{account.sign_name}】{filled}"


def _read(text: str) -> object:
    try:
        return strictjson.loads(text)
    except ValueError as error:
        raise PlatformError(codes.JSON_PARAM, str(error)) from None


def _list(text: str) -> list[object]:
    value = _read(text)
    if not isinstance(value, list):
        raise PlatformError(codes.JSON_PARAM)
    return value


def _strings(text: str) -> list[str]:
    values = _list(text)
    strings = [value for value in values if isinstance(value, str)]
    if len(strings) != len(values):
        raise PlatformError(codes.JSON_PARAM)
    return strings


def send(sms: Sms, world: World, details: Details) -> str:
    """Texts every number and gives the BizId, one for the whole request."""
    moment = world.time()
    biz_id = f"{10**17 + secrets.randbelow(9 * 10**17)}^0"
    for number, words in sms.texts:
        phone = e164(number)
        sent = Sent(
            sms.account.access_key_id, phone, words, sms.template, sms.out_id, biz_id, moment
        )
        detail = details.add(sent, world.receipt_delay)
        text = Text(
            phone=phone,
            text=words,
            provider="aliyun",
            template=sms.template,
            at=moment.isoformat(timespec="milliseconds"),
        )
        world.deliver(text, partial(report, detail))
    return biz_id
