"""SendSms: the checks on a message, and its way to the phones."""

import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import cast

from sandbox.accounts import Template
from sandbox.phones import Text, e164, segments
from sandbox.receipts import Receipt
from sandbox.tencent import codes
from sandbox.tencent.accounts import Account
from sandbox.tencent.codes import PlatformError
from sandbox.tencent.fields import Fields, string, strings
from sandbox.wire import Call
from sandbox.world import World

REQUIRED = {
    "PhoneNumberSet": strings, "SmsSdkAppId": string, "TemplateId": string, "SignName": string,
}  # fmt: skip
OPTIONAL = {
    "TemplateParamSet": strings, "ExtendCode": string, "SessionContext": string,
    "SenderId": string,
}  # fmt: skip
MOST_NUMBERS = 200
MOST_SESSION_CONTEXT = 511  # bytes

_MOBILE = re.compile(r"(?:\+86|0086|86)?1[3-9][0-9]{9}")
_BLANK = re.compile(r"\{([0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Sms:
    """A request that passed every check on the whole. `refusal` is the code that each number gets,
    '' if none."""

    account: Account
    template: str
    numbers: tuple[str, ...]
    text: str
    session: str
    refusal: str


def check(fields: Fields, account: Account, accounts: tuple[Account, ...]) -> Sms:
    """The message asked for; raises PlatformError. The fields are of their types."""
    numbers = cast("list[str]", fields["PhoneNumberSet"])
    values = cast("list[str]", fields.get("TemplateParamSet", []))
    if not numbers:
        raise PlatformError(codes.NO_NUMBERS)
    if len(numbers) > MOST_NUMBERS:
        raise PlatformError(codes.TOO_MANY)
    session = str(fields.get("SessionContext", ""))
    if len(session.encode()) > MOST_SESSION_CONTEXT:
        raise PlatformError(codes.PARAMETERS, "SessionContext")
    if not re.fullmatch("[0-9]*", str(fields.get("ExtendCode", ""))):
        raise PlatformError(codes.PARAMETERS, "ExtendCode")
    template = account.template(str(fields["TemplateId"]))
    refusal = app_refusal(str(fields["SmsSdkAppId"]), account, accounts) or _refusal(
        str(fields["SignName"]), template, values, account
    )
    text = "" if refusal or template is None else _fill(account, template, values)
    return Sms(account, str(fields["TemplateId"]), tuple(numbers), text, session, refusal)


def app_refusal(app_id: str, account: Account, accounts: tuple[Account, ...]) -> str:
    """The code against this SmsSdkAppId, or ''."""
    if app_id != account.sdk_app_id:
        elsewhere = any(item.sdk_app_id == app_id for item in accounts)
        return codes.APP_OF_ANOTHER if elsewhere else codes.APP_UNKNOWN
    return codes.APP_DISABLED if account.state == "suspended" else ""


def _refusal(sign_name: str, template: Template | None, values: list[str], account: Account) -> str:
    if sign_name != account.sign_name:
        return codes.SIGN_NAME
    if template is None or template.status != "approved":
        return codes.TEMPLATE
    if len(values) != len(set(_BLANK.findall(template.text))):
        return codes.TEMPLATE_PARAMETERS
    if template.kind == "code" and not all(re.fullmatch("[0-9]{0,6}", item) for item in values):
        return codes.CODE_PARAMETER
    return "" if account.package else codes.NO_PACKAGE


def _fill(account: Account, template: Template, values: list[str]) -> str:
    filled = _BLANK.sub(lambda match: values[int(match[1]) - 1], template.text)
    return f"【{account.sign_name}】{filled}"


def send(sms: Sms, world: World) -> list[dict[str, object]]:
    """Texts every number that nothing speaks against; gives the SendStatusSet."""
    return [_send_one(sms, number, world) for number in sms.numbers]


def _send_one(sms: Sms, number: str, world: World) -> dict[str, object]:
    known = _MOBILE.fullmatch(number) is not None
    phone = e164(number) if known else number
    code, message = _outcome(sms, phone, world) if known else (codes.NUMBER, "")
    taken = code == codes.OK
    return {
        "SerialNo": _text(sms, phone, world) if taken else "",
        "PhoneNumber": phone,
        "Fee": segments(sms.text) if taken else 0,
        "SessionContext": sms.session,
        "Code": code,
        "Message": message or codes.MESSAGES.get(code, "模拟的错误"),
        "IsoCode": "CN" if known else "DEF",
    }


def _outcome(sms: Sms, phone: str, world: World) -> tuple[str, str]:
    """Code and message for a number that is one."""
    if sms.refusal:
        return sms.refusal, ""
    call = Call("SendSms", True, frozenset({phone}), codes.OF_A_NUMBER)
    fault = world.faults.take_number("tencent", call)
    return (fault.code, fault.message) if fault else (codes.OK, "")


def _text(sms: Sms, phone: str, world: World) -> str:
    moment = world.time()
    serial = f"2640:{secrets.randbelow(10**20):020d}"
    text = Text(
        phone=phone,
        text=sms.text,
        provider="tencent",
        template=sms.template,
        at=moment.isoformat(timespec="milliseconds"),
    )
    world.deliver(text, partial(_report, sms, serial, phone, moment))
    return serial


def _report(sms: Sms, serial: str, phone: str, moment: datetime, lost: str) -> Receipt:
    """The documented callback, one in its list; `lost` is the carrier's code of a failure. A pull
    tells the same in other names."""
    number, status = phone.removeprefix("+86"), "FAIL" if lost else "SUCCESS"
    description = "用户短信接收失败" if lost else "用户短信接收成功"
    pushed = {
        "user_receive_time": moment.strftime("%Y-%m-%d %H:%M:%S"),
        "nationcode": "86",
        "mobile": number,
        "report_status": status,
        "errmsg": lost or "DELIVRD",
        "description": description,
        "sid": serial,
        "ext": sms.session,
    }
    pulled = {
        "UserReceiveTime": str(int(moment.timestamp())),
        "CountryCode": "86",
        "SubscriberNumber": number,
        "PhoneNumber": phone,
        "SerialNo": serial,
        "ReportStatus": status,
        "Description": lost or description,
        "SessionContext": sms.session,
    }
    body = json.dumps([pushed], ensure_ascii=False).encode()
    return Receipt("tencent", sms.account.sdk_app_id, pulled, body)
