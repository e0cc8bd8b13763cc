"""The platform's doors: which request is which call, and what each answers."""

import contextlib
import uuid
from collections.abc import Callable
from typing import NamedTuple

from sandbox import strictjson
from sandbox.aliyun import codes, parameters, queries, sms
from sandbox.aliyun.accounts import ALIYUN, Account
from sandbox.aliyun.auth import Nonces, authenticate
from sandbox.aliyun.codes import PlatformError
from sandbox.aliyun.reports import Details
from sandbox.phones import e164
from sandbox.wire import Answer, Call, Request, json_answer, problem
from sandbox.world import World

VERSION = "2017-05-25"


class _Api(NamedTuple):
    """One call: the parameters it needs, and those it takes."""

    required: set[str]
    optional: set[str] = set()
    sends: bool = False


_APIS = {
    "SendSms": _Api(sms.REQUIRED, sms.OPTIONAL, sends=True),
    "SendBatchSms": _Api(sms.BATCH_REQUIRED, sms.BATCH_OPTIONAL, sends=True),
    "QuerySmsTemplate": _Api(queries.TEMPLATE_REQUIRED),
    "QuerySendDetails": _Api(queries.DETAILS_REQUIRED, queries.DETAILS_OPTIONAL),
}


class Aliyun:
    """阿里云. The gateway refuses with HTTP 4xx, the service behind it with HTTP 200 and a Code."""

    name = "aliyun"
    apis = frozenset(_APIS)

    def __init__(self, world: World, accounts: tuple[Account, ...] = ALIYUN) -> None:
        self._world = world
        self._accounts = accounts
        self._nonces = Nonces()
        self._details = Details()
        self._calls: dict[str, Callable[[dict[str, str], Account], dict[str, object]]] = {
            "SendSms": lambda fields, account: self._send(sms.check(fields, account)),
            "SendBatchSms": lambda fields, account: self._send(sms.check_batch(fields, account)),
            "QuerySmsTemplate": queries.template,
            "QuerySendDetails": lambda fields, account: queries.details(
                fields, account, self._details
            ),
        }

    def claims(self, request: Request) -> bool:
        """Whatever names its call in x-acs-action."""
        return request.path == "/" and "x-acs-action" in request.headers

    def call(self, request: Request) -> Call:
        """Which call it is, and for a send to whom, whether or not it is a right one."""
        name = request.headers.get("x-acs-action", "")
        api = _APIS.get(name)
        if api is None:
            return Call("")
        numbers: object = []
        with contextlib.suppress(ValueError):
            fields = parameters.read(request) if api.sends else {}
            numbers = fields.get("PhoneNumbers", "").split(",")
            if name == "SendBatchSms":
                numbers = strictjson.loads(fields.get("PhoneNumberJson", ""))
        listed = numbers if isinstance(numbers, list) else []
        phones = frozenset(e164(number) for number in listed if isinstance(number, str))
        return Call(name, sends=api.sends, phones=phones)

    def answer(self, request: Request) -> Answer:
        """Checks who asks, then what, then does it."""
        if request.method not in {"GET", "POST"}:
            return problem(405, f"{request.method} is not allowed here", ("Allow", "GET, POST"))
        try:
            told = self._do(request)
        except PlatformError as refusal:
            return self.failure(request, refusal.code, refusal.message)
        return json_answer({"Code": codes.OK, "Message": codes.OK, **_request_id(), **told})

    def _do(self, request: Request) -> dict[str, object]:
        name = request.headers["x-acs-action"]
        api = _APIS.get(name)
        if request.headers.get("x-acs-version") != VERSION:
            raise PlatformError(codes.VERSION)
        if api is None:
            raise PlatformError(codes.ACTION)
        now = self._world.time()
        account = authenticate(request, self._accounts, now)
        self._nonces.take(account.access_key_id, request.headers["x-acs-signature-nonce"], now)
        return self._calls[name](parameters.check(request, api.required, api.optional), account)

    def _send(self, message: sms.Sms) -> dict[str, object]:
        return {"BizId": sms.send(message, self._world, self._details)}

    def failure(self, _request: Request, code: str, message: str) -> Answer:
        """{"Code", "Message", "RequestId"} with the HTTP status that belongs to the code."""
        words = message or codes.MESSAGES.get(code, "模拟的错误")
        return json_answer({"Code": code, "Message": words, **_request_id()}, codes.status(code))

    def accounts(self) -> list[dict[str, object]]:
        """The accounts, the usual one first."""
        return [account.listing() for account in self._accounts]


def _request_id() -> dict[str, str]:
    return {"RequestId": str(uuid.uuid4()).upper()}
