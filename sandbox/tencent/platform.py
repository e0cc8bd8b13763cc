"""The platform's doors: which request is which call, and what each answers."""

import contextlib
import json
import uuid
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sandbox.phones import e164
from sandbox.tencent import codes, fields, queries, sms
from sandbox.tencent.accounts import TENCENT, Account
from sandbox.tencent.auth import authenticate
from sandbox.tencent.codes import PlatformError
from sandbox.tencent.fields import Fields, Kind
from sandbox.wire import Answer, Call, Request
from sandbox.world import World

VERSION = "2021-01-11"
REGIONS = {"ap-beijing", "ap-guangzhou", "ap-nanjing"}


class _Api(NamedTuple):
    """One call: the fields it needs, and those it takes, with their types."""

    required: Mapping[str, Kind]
    optional: Mapping[str, Kind] = {}


_APIS = {
    "SendSms": _Api(sms.REQUIRED, sms.OPTIONAL),
    "DescribeSmsTemplateList": _Api(queries.TEMPLATES_REQUIRED, queries.TEMPLATES_OPTIONAL),
    "PullSmsSendStatus": _Api(queries.REPORTS_REQUIRED),
}


class Tencent:
    """腾讯云. Every answer it words itself is HTTP 200."""

    name = "tencent"
    apis = frozenset(_APIS)

    def __init__(self, world: World, accounts: tuple[Account, ...] = TENCENT) -> None:
        self._world = world
        self._accounts = accounts
        self._calls: dict[str, Callable[[Fields, Account], dict[str, object]]] = {
            "SendSms": self._send,
            "DescribeSmsTemplateList": queries.templates,
            "PullSmsSendStatus": self._reports,
        }

    def claims(self, request: Request) -> bool:
        """Whatever names its call in X-TC-Action."""
        return request.path == "/" and "X-TC-Action" in request.headers

    def call(self, request: Request) -> Call:
        """Which call it is, and for a send to whom, whether or not it is a right one."""
        name = request.headers.get("X-TC-Action", "")
        if name not in _APIS:
            return Call("")
        if name != "SendSms":
            return Call(name)
        numbers: object = []
        with contextlib.suppress(PlatformError):
            numbers = fields.read(request, sms.REQUIRED, sms.OPTIONAL)["PhoneNumberSet"]
        phones = frozenset(map(e164, numbers)) if isinstance(numbers, list) else frozenset()
        return Call(name, sends=True, phones=phones, number_codes=codes.OF_A_NUMBER)

    def answer(self, request: Request) -> Answer:
        """Checks who asks, then what, then does it."""
        try:
            return _respond(self._do(request))
        except PlatformError as refusal:
            return self.failure(request, refusal.code, refusal.message)

    def _do(self, request: Request) -> dict[str, object]:
        if request.method != "POST":
            raise PlatformError(codes.PROTOCOL)
        name = request.headers["X-TC-Action"]
        api = _APIS.get(name)
        if request.headers.get("X-TC-Version") != VERSION:
            raise PlatformError(codes.VERSION)
        if api is None:
            raise PlatformError(codes.ACTION)
        _check_region(request.headers.get("X-TC-Region"))
        account = authenticate(request, self._accounts, self._world.time())
        return self._calls[name](fields.read(request, api.required, api.optional), account)

    def _send(self, body: Fields, account: Account) -> dict[str, object]:
        message = sms.check(body, account, self._accounts)
        return {"SendStatusSet": sms.send(message, self._world)}

    def _reports(self, body: Fields, account: Account) -> dict[str, object]:
        refusal = sms.app_refusal(str(body["SmsSdkAppId"]), account, self._accounts)
        if refusal:
            raise PlatformError(refusal)
        return queries.reports(body, self._world)

    def failure(self, _request: Request, code: str, message: str) -> Answer:
        """Response.Error."""
        words = message or codes.MESSAGES.get(code, "模拟的错误")
        return _respond({"Error": {"Code": code, "Message": words}})

    def accounts(self) -> list[dict[str, object]]:
        """The accounts, the usual one first."""
        return [account.listing() for account in self._accounts]


def _check_region(region: str | None) -> None:
    if not region:
        raise PlatformError(codes.PARAMETER_MISSING, "X-TC-Region")
    if region not in REGIONS:
        raise PlatformError(codes.REGION)


def _respond(told: dict[str, object]) -> Answer:
    """Without a charset: the vendor's own client looks for an error under this very type only."""
    body = {"Response": {**told, "RequestId": str(uuid.uuid4())}}
    return Answer(200, "application/json", json.dumps(body, ensure_ascii=False).encode())
