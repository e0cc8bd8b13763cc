"""The platform's doors: which request is which call, and what each answers."""

import json
import re
import uuid
from collections.abc import Mapping
from urllib.parse import parse_qsl

from sandbox.accounts import Status
from sandbox.baidu import body, codes, sms
from sandbox.baidu.accounts import BAIDU, Account
from sandbox.baidu.auth import authenticate
from sandbox.baidu.codes import PlatformError
from sandbox.baidu.tokens import Tokens
from sandbox.wire import Answer, Call, Request, problem
from sandbox.world import World

MOST_TOKEN = 64

_PATH = re.compile("/(?:(api/v3/sendSms)|sms/v3/template/([^/]+))")
_STATUS: dict[Status, str] = {"pending": "SUBMITTED", "approved": "READY", "rejected": "REJECTED"}
_KIND = {"code": "CommonVcode", "notice": "CommonNotice"}


class Baidu:
    """百度云. A refusal before anything is sent is HTTP 4xx or a code other than 1000."""

    name = "baidu"
    apis = frozenset({"sendSms", "template"})

    def __init__(self, world: World, accounts: tuple[Account, ...] = BAIDU) -> None:
        self._world = world
        self._accounts = accounts
        self._tokens = Tokens()

    def claims(self, request: Request) -> bool:
        """The two paths."""
        return _PATH.fullmatch(request.path) is not None

    def call(self, request: Request) -> Call:
        """Which call it is, and for a send to whom, whether or not it is a right one."""
        if request.path != "/api/v3/sendSms":
            return Call("template" if request.method == "GET" else "")
        if request.method != "POST":
            return Call("")
        try:
            numbers = body.read(request).mobile.split(",")
        except PlatformError:
            numbers = []
        return sms.call(*numbers)

    def answer(self, request: Request) -> Answer:
        """Checks who asks, then what, then does it."""
        path = _PATH.fullmatch(request.path)
        if path is None:
            return problem(404, f"there is nothing at {request.path}")
        method = "POST" if path[1] else "GET"
        if request.method != method:
            return problem(405, f"{request.method} is not allowed here", ("Allow", method))
        try:
            account = authenticate(request, self._accounts, self._world.time())
            return self._send(request, account) if path[1] else _template(account, path[2])
        except PlatformError as refusal:
            return self.failure(request, refusal.code, refusal.message)

    def _send(self, request: Request, account: Account) -> Answer:
        token = _token(request.query)
        fields = body.read(request)

        def send() -> Answer:
            request_id = str(uuid.uuid4())
            rows = sms.send(sms.check(fields, account), self._world, request_id, token)
            told = {"code": codes.OK, "message": codes.MESSAGES[codes.OK], "data": rows}
            return _json(200, request_id, {"requestId": request_id, **told})

        if not token:
            return send()
        return self._tokens.once((account.id, token), fields, self._world.time(), send)

    def failure(self, request: Request, code: str, message: str) -> Answer:
        """{"requestId", "code", "message"}: a common error with its status, others with 200."""
        request_id = str(uuid.uuid4())
        words = message or codes.MESSAGES.get(code, "模拟的错误")
        told = {"requestId": request_id, "code": code, "message": words}
        return _json(codes.STATUS.get(code, 200), request_id, told)

    def accounts(self) -> list[dict[str, object]]:
        """The accounts, the usual one first."""
        return [account.listing() for account in self._accounts]


def _token(query: str) -> str:
    """The clientToken, '' if there is none; raises PlatformError."""
    tokens = [
        value
        for name, value in parse_qsl(query.replace("+", "%2B"), keep_blank_values=True)
        if name == "clientToken"
    ]
    if not tokens:
        return ""
    if len(tokens) > 1 or not re.fullmatch(f"[!-~]{{1,{MOST_TOKEN}}}", tokens[0]):
        raise PlatformError(codes.BAD_FIELDS, f"clientToken: 1 to {MOST_TOKEN} ASCII characters.")
    return tokens[0]


def _template(account: Account, template_id: str) -> Answer:
    template = account.template(template_id)
    if template is None:
        raise PlatformError(codes.NOT_FOUND)
    told = {
        "templateId": template.id,
        "userId": account.id,
        "name": template.title,
        "content": template.text,
        "countryType": "GLOBAL",
        "smsType": _KIND[template.kind],
        "status": _STATUS[template.status],
        "description": "",
        "review": "",
    }
    return _json(200, str(uuid.uuid4()), told)


def _json(status: int, request_id: str, told: Mapping[str, object]) -> Answer:
    text = json.dumps(told, ensure_ascii=False)
    headers = (("x-bce-request-id", request_id),)
    return Answer(status, "application/json;charset=utf-8", text.encode(), headers)
