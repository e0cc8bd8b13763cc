"""/sandbox/…: what a person or a test reads and sets."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

from sandbox.faults import FaultError, read_fault
from sandbox.phones import CAPACITY
from sandbox.receipts import TargetError
from sandbox.wire import Answer, Request, json_answer, problem
from sandbox.world import World

_PAGE = Path(__file__).with_name("page.html").read_bytes()


def _hashes(tag: bytes) -> str:
    inline = re.findall(b"<%b>(.*?)</%b>" % (tag, tag), _PAGE, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(part).digest()).decode() for part in inline)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


# The page's own style and script, by their digests, and nothing else from anywhere.
_POLICY = (
    f"default-src 'none'; script-src {_hashes(b'script')}; style-src {_hashes(b'style')}; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-cache"),
)


class ControlError(Exception):
    """The request to /sandbox is wrong: HTTP 400 with the text."""


def answer(world: World, request: Request) -> Answer:
    """What a request that no platform claims gets."""
    methods = _ROUTES.get(request.path)
    if methods is None:
        return problem(404, f"there is nothing at {request.path}")
    function = methods.get(request.method)
    if function is None:
        allowed = ", ".join(sorted(methods))
        return problem(405, f"{request.method} is not allowed here", ("Allow", allowed))
    try:
        return function(world, request)
    except (ControlError, FaultError, TargetError) as error:
        return problem(400, str(error))


def _page(_world: World, _request: Request) -> Answer:
    return Answer(200, "text/html;charset=utf-8", _PAGE, _PAGE_HEADERS)


def _to_page(_world: World, _request: Request) -> Answer:
    return problem(308, "the page is at /sandbox/", ("Location", "/sandbox/"))


def _accounts(world: World, _request: Request) -> Answer:
    return json_answer([row for platform in world.platforms for row in platform.accounts()])


def _messages(world: World, request: Request) -> Answer:
    query = _query(request, {"phone", "limit"})
    limit = query.get("limit", str(CAPACITY))
    if not re.fullmatch("[1-9][0-9]{0,4}", limit) or int(limit) > CAPACITY:
        raise ControlError(f"limit: a whole number from 1 to {CAPACITY} is expected")
    etag = ("ETag", f'"{world.phones.version()}"')
    if request.headers.get("If-None-Match") == etag[1]:
        return Answer(304, "application/json", b"", (etag,))
    texts = world.phones.messages(query.get("phone"), int(limit))
    return json_answer([text.listing() for text in texts], 200, etag, ("Cache-Control", "no-cache"))


def _message_counts(world: World, _request: Request) -> Answer:
    return json_answer(world.phones.counts())


def _clear_messages(world: World, _request: Request) -> Answer:
    world.phones.clear()
    return json_answer([])


def _faults(world: World, _request: Request) -> Answer:
    return json_answer([fault.listing() for fault in world.faults.waiting()])


def _add_fault(world: World, request: Request) -> Answer:
    apis = {platform.name: platform.apis for platform in world.platforms}
    fault = read_fault(_json(request), apis)
    told = fault.listing()
    world.faults.add(fault)
    return json_answer(told, 201)


def _clear_faults(world: World, _request: Request) -> Answer:
    world.faults.clear()
    return json_answer([])


def _receipts(world: World, _request: Request) -> Answer:
    return json_answer(world.receipts.listing())


def _set_receipts(world: World, request: Request) -> Answer:
    targets = _json(request)
    if not isinstance(targets, dict) or not targets:
        raise ControlError("an object of a provider and a URL (or null) is expected")
    for name, url in targets.items():
        if world.platform(name) is None:
            raise ControlError(f"{name}: no such provider")
        if url is not None and not isinstance(url, str):
            raise ControlError(f"{name}: a URL or null is expected")
    for name, url in targets.items():
        world.receipts.target(name, url)
    return _receipts(world, request)


def _query(request: Request, known: set[str]) -> dict[str, str]:
    pairs = parse_qsl(request.query, keep_blank_values=True)
    if len(dict(pairs)) != len(pairs):
        raise ControlError("a parameter is given more than once")
    for name, _value in pairs:
        if name not in known:
            raise ControlError(f"{name}: not a parameter; there are {', '.join(sorted(known))}")
    return dict(pairs)


def _json(request: Request) -> object:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise ControlError(f"the body is not JSON: {error}") from None


_Function = Callable[[World, Request], Answer]

_ROUTES: dict[str, dict[str, _Function]] = {
    "/sandbox": {"GET": _to_page},
    "/sandbox/": {"GET": _page},
    "/sandbox/accounts": {"GET": _accounts},
    "/sandbox/messages": {"GET": _messages, "DELETE": _clear_messages},
    "/sandbox/messages/counts": {"GET": _message_counts},
    "/sandbox/faults": {"GET": _faults, "POST": _add_fault, "DELETE": _clear_faults},
    "/sandbox/receipts": {"GET": _receipts, "PUT": _set_receipts},
}
