"""The platform of docs/providers.md as its vendor would run it: strict, and written without a look
at the class that speaks to it."""

import json
import secrets
from functools import partial

from sandbox.phones import Text, e164
from sandbox.receipts import Receipt
from sandbox.wire import Answer, Call, Request, json_answer
from sandbox.world import World

API_KEY = "acme-key-0123456789abcdef"
TEMPLATES = {
    "code": "【达达商城】您的验证码是{code}，请于{minutes}分钟内正确输入。",
    "shipped": "【达达商城】您的订单{order}已由{company}发出，运单号{number}。",
}
_FIELDS = {"id": str, "to": list, "template": str, "values": dict}
_OF_A_NUMBER = frozenset({"BAD_NUMBER", "TOO_OFTEN"})


class _Refused(Exception):
    """With a code of the platform."""


class AcmePlatform:
    name = "acme"
    apis = frozenset({"messages", "templates"})

    def __init__(self, world: World) -> None:
        self._world = world
        self._answered: dict[str, dict[str, object]] = {}  # by the request's id

    def claims(self, request: Request) -> bool:
        return request.path.startswith("/v2/")

    def call(self, request: Request) -> Call:
        if request.path != "/v2/messages":
            return Call("templates")
        try:
            numbers = json.loads(request.body)["to"]
        except (ValueError, KeyError, TypeError):
            numbers = []
        return Call("messages", True, frozenset(map(e164, numbers)), _OF_A_NUMBER)

    def answer(self, request: Request) -> Answer:
        try:
            if request.headers.get("Authorization") != f"Bearer {API_KEY}":
                raise _Refused("UNAUTHORIZED")
            if request.method == "GET":
                return json_answer({"code": "OK", "state": _state(request.path)})
            return json_answer(self._take(_read(request)))
        except _Refused as refusal:
            return self.failure(request, str(refusal), "refused")

    def failure(self, _request: Request, code: str, message: str) -> Answer:
        return json_answer({"code": code, "message": message}, 401 if code[0] == "U" else 400)

    def accounts(self) -> list[dict[str, object]]:
        return []

    def _take(self, body: dict[str, object]) -> dict[str, object]:
        request_id, numbers, values = str(body["id"]), body["to"], body["values"]
        if request_id not in self._answered:
            assert isinstance(numbers, list)
            assert isinstance(values, dict)
            text = TEMPLATES[str(body["template"])].format(**values)
            template = str(body["template"])
            results = [self._text(n, text, template, request_id) for n in numbers]
            self._answered[request_id] = {"code": "OK", "results": results}
        return self._answered[request_id]

    def _text(self, number: str, text: str, template: str, request_id: str) -> dict[str, str]:
        call = Call("messages", True, frozenset({number}), _OF_A_NUMBER)
        if fault := self._world.faults.take_number("acme", call):
            return {"to": number, "code": fault.code, "message": fault.message}
        if not number.startswith("+861") or number[4] in "012":
            return {"to": number, "code": "BAD_NUMBER", "message": "not a mobile number"}
        message_id = secrets.token_hex(8)
        at = self._world.time().isoformat(timespec="milliseconds")
        report = partial(_report, message_id, request_id, number)
        self._world.deliver(Text(number, text, "acme", template, at), report)
        return {"to": number, "code": "OK", "message_id": message_id}


def _read(request: Request) -> dict[str, object]:
    body = json.loads(request.body)
    if request.headers.get("Content-Type") != "application/json" or body.keys() != _FIELDS.keys():
        raise _Refused("BAD_REQUEST")
    if not all(isinstance(body[name], kind) for name, kind in _FIELDS.items()):
        raise _Refused("BAD_REQUEST")
    if not 1 <= len(body["to"]) <= 200 or not all(map(str.isprintable, body["to"])):
        raise _Refused("BAD_REQUEST")
    _state(f"/v2/templates/{body['template']}")
    places = TEMPLATES[body["template"]]
    if any("{" + name + "}" not in places for name in body["values"]):
        raise _Refused("BAD_REQUEST")
    return dict(body)


def _state(path: str) -> str:
    name = path.removeprefix("/v2/templates/")
    if name == "promo":
        return "pending"
    if name not in TEMPLATES:
        raise _Refused("NO_TEMPLATE")
    return "approved"


def _report(message_id: str, request_id: str, number: str, lost: str) -> Receipt:
    told = {"message_id": message_id, "id": request_id, "to": number}
    told |= {"status": "failed", "reason": lost} if lost else {"status": "delivered"}
    body = json.dumps({"event": "report", "reports": [told]}).encode()
    return Receipt("acme", "acme", told, body)
