"""The platform's doors: which request is which call, and what each answers."""

import re
from collections.abc import Callable
from typing import NamedTuple

from sandbox.accounts import CLOOPEN, Account
from sandbox.cloopen import codec, codes, queries, sms
from sandbox.cloopen.auth import authenticate
from sandbox.cloopen.codec import Body, Fields
from sandbox.cloopen.codes import PlatformError
from sandbox.phones import e164
from sandbox.wire import Answer, Call, Request, problem
from sandbox.world import World

VERSION = "2013-12-26"
_PATH = re.compile("/([^/]+)/Accounts/([^/]*)/([^?]+)")


class _Api(NamedTuple):
    """One call: its method, its XML root, its fields, the code when the body cannot be read."""

    name: str
    method: str
    root: str = ""
    fields: set[str] = set()
    lists: frozenset[str] = frozenset()
    unreadable: str = codes.PARSE


_APIS = {
    "SMS/TemplateSMS": _Api("TemplateSMS", "POST", "TemplateSMS", sms.FIELDS, sms.LISTS),
    "AccountInfo": _Api("AccountInfo", "GET"),
    "SMS/QuerySMSTemplate": _Api("QuerySMSTemplate", "POST", "Request", queries.TEMPLATE_FIELDS),
    "SMS/GetArrived": _Api(
        "GetArrived", "POST", "SMSArrived", queries.REPORT_FIELDS, unreadable=codes.REPORTS_PARSE
    ),
}


class Cloopen:
    """容联云. Every answer it words itself is HTTP 200; the outcome is in statusCode."""

    name = "cloopen"
    apis = frozenset(api.name for api in _APIS.values())

    def __init__(self, world: World, accounts: tuple[Account, ...] = CLOOPEN) -> None:
        self._world = world
        self._accounts = accounts
        self._request_ids = sms.RequestIds()
        self._calls: dict[str, Callable[[Fields, Account, Request], Body]] = {
            "TemplateSMS": self._send,
            "AccountInfo": lambda _fields, account, _request: queries.account_info(account),
            "QuerySMSTemplate": self._templates,
            "GetArrived": self._reports,
        }

    def claims(self, request: Request) -> bool:
        """Everything under /…/Accounts/."""
        return _PATH.fullmatch(request.path) is not None

    def call(self, request: Request) -> Call:
        """Which call it is, and for a send to whom, whether or not it is a right one."""
        path = _PATH.fullmatch(request.path)
        api = _APIS.get(path[3]) if path else None
        if api is None or request.method != api.method:
            return Call("")
        if api.name != "TemplateSMS":
            return Call(api.name)
        try:
            to = codec.read(request, api.root, api.fields, api.lists).get("to", "")
        except (PlatformError, ValueError):
            to = ""
        numbers = to.split(",") if isinstance(to, str) else []
        return Call(api.name, sends=True, phones=frozenset(map(e164, numbers)))

    def answer(self, request: Request) -> Answer:
        """Checks who asks, then what, then does it."""
        path = _PATH.fullmatch(request.path)
        api = _APIS.get(path[3]) if path else None
        if path is None or api is None:
            return problem(404, f"there is nothing at {request.path}")
        if request.method != api.method:
            return problem(405, f"{request.method} is not allowed here", ("Allow", api.method))
        try:
            return codec.write(request, self._do(api, path[1], path[2], request))
        except PlatformError as refusal:
            return self.failure(request, refusal.code, refusal.message)

    def _do(self, api: _Api, version: str, sid: str, request: Request) -> Body:
        if version != VERSION:
            raise PlatformError(codes.API_VERSION)
        if codec.media(request, "Accept") is None:
            raise PlatformError(codes.ACCEPT)
        account = authenticate(request, sid, self._accounts, self._world.time())
        fields = self._fields(api, request)
        return self._calls[api.name](fields, account, request)

    def _fields(self, api: _Api, request: Request) -> Fields:
        if api.method == "GET":
            return {}
        try:
            return codec.read(request, api.root, api.fields, api.lists)
        except ValueError as error:
            raise PlatformError(api.unreadable, str(error)) from None

    def _send(self, fields: Fields, account: Account, request: Request) -> Body:
        message = sms.check(fields, account, self._accounts)
        if message.req_id:
            self._request_ids.take(account.sid, message.req_id, self._world.time().date())
        sent = sms.send(message, self._world, codec.media(request, "Content-Type") or "json")
        # The stray blank is the vendor's: it stands in its own sample answer.
        sent["smsMessageSid"] = f" {sent['smsMessageSid']}"
        node = "TemplateSMS" if codec.media(request, "Accept") == "xml" else "templateSMS"
        return {"statusCode": codes.OK, node: sent}

    def _templates(self, fields: Fields, account: Account, _request: Request) -> Body:
        sms.check_app(fields, account, self._accounts)
        return queries.templates(fields, account)

    def _reports(self, fields: Fields, account: Account, _request: Request) -> Body:
        sms.check_app(fields, account, self._accounts)
        return queries.reports(fields, account, self._world)

    def failure(self, request: Request, code: str, message: str) -> Answer:
        """{"statusCode", "statusMsg"}; HTTP 200 like every answer of the platform."""
        words = message or codes.MESSAGES.get(code, "模拟的错误")
        return codec.write(request, {"statusCode": code, "statusMsg": words})

    def accounts(self) -> list[dict[str, object]]:
        """The accounts, the usual one first."""
        return [account.listing() for account in self._accounts]
