"""What no client of ours sends: huge, broken and slow requests, and receipts of nobody."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.attacks import numbers
from tests.attacks.arena import Arena, Seen
from tests.attacks.proxy import in_front
from tests.attacks.shoppers import Served, everybody
from tests.attacks.wire import CODES, HOST, Ask, Wire, send
from tests.attacks.world import SECRET, THREADS

_IP = "10.11.0.1"
SLOW = 32  # connections


def malformed(arena: Arena) -> Seen:
    """Each kind some dozens of times, over connections of their own."""
    seen, times = Seen(), arena.many(60)
    arena.swarm.fire([send("1", _IP)] * 200)  # so that what is grown once has grown
    before = arena.world.memory()
    for request in _malformed():
        for status in _many(arena.world.port, request, times):
            seen.requests += 1
            seen.errors += status >= 500
    seen.values["megabytes grown"] = max(0.0, arena.world.memory() - before)
    return seen


def _malformed() -> Iterator[bytes]:
    million = b"a" * 1_000_000
    yield _post(b'{"phone": "' + million + b'"}')
    yield _post(b"[" * 8000)
    yield _post(b'{"phone":' * 800 + b"1" + b"}" * 800)
    yield _post(b'{"phone": "138\x00", "purpose": "login"}')
    yield _post(rb'{"phone": "138\u0000", "purpose": "\ud800"}')
    yield _post(b'{"phone": "\xff\xfe", "purpose": "login"}')
    yield _post(b'{"phone": 1' + b"0" * 5000 + b', "purpose": "login"}')
    yield _post(b"", ("Content-Length", "-1"))
    yield _post(b"{}", ("Content-Length", "99999999999999999999"))
    yield _post(b'{"phone": "1"}trailing', ("Content-Length", "14"))
    yield _post(b"{}", ("Content-Length", "4000"))  # the rest never comes
    chunk = b"%x\r\n" % len(million) + million + b"\r\n0\r\n\r\n"
    yield _post(chunk, ("Transfer-Encoding", "chunked"))
    yield _post(b"zz\r\nnonsense\r\n", ("Transfer-Encoding", "chunked"))


def _post(body: bytes, *headers: tuple[str, str]) -> bytes:
    named = headers or (("Content-Length", str(len(body))),)
    lines = [f"POST {CODES} HTTP/1.1", f"Host: {HOST}", f"X-Forwarded-For: {_IP}"]
    lines += [f"{name}: {value}" for name, value in named]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def _many(port: int, request: bytes, times: int) -> list[int]:
    """The status of each answer, 0 where none came within half a second."""
    return [_ask(port, request) for _ in range(times)]


def _ask(port: int, request: bytes) -> int:
    with suppress(OSError), socket.create_connection((HOST, port), timeout=0.5) as connection:
        with suppress(OSError):  # a server may answer and close before it has read it all
            connection.sendall(request)
        head = connection.recv(64)
        return int(head[9:12]) if head[9:12].isdigit() else 0
    return 0


def receipts(arena: Arena) -> Seen:
    """Reports that say a text never arrived: without the secret, and with no signature or a wrong
    one where the platform signs."""
    (phone,), wire, seen = numbers.apart("158", 1), Wire(arena.world.port), Seen()
    arena.world.fault(provider="cloopen", kind="no_receipt", phone=phone)
    sent = wire.ask(send(phone, _IP))
    seen.count([sent])
    status = Ask(f"{CODES}/{sent.body['id']}", None, _IP)
    before = wire.ask(status).body["status"]
    answers = arena.swarm.fire([*_forged(phone)] * 20)
    after = wire.ask(status).body["status"]
    wire.close()
    seen.count(answers)
    seen.texts = arena.world.texts([phone])
    seen.values["taken"] = sum(200 <= answer.status < 300 for answer in answers)
    seen.values["messages moved"] = before != after
    return seen


def _forged(phone: str) -> Iterator[Ask]:
    moment = time.strftime("%Y%m%d%H%M%S")
    cloopen = {"action": "SMSArrived", "content": "0" * 32, "fromNum": phone, "status": "1"}
    cloopen |= {"smsType": "1", "deliverCode": "UNDELIV", "dateSent": moment, "recvTime": moment}
    baidu = {"code": "2", "requestId": "r", "messageId": "m", "mobile": phone, "carrierCode": "X"}
    bad = (("timestamp", str(int(time.time() * 1000))), ("signature", "0" * 32))
    for secret in ("x", "", SECRET[:-1], SECRET + "x", SECRET.upper(), "%00", "../" + SECRET):
        for provider in ("cloopen", "aliyun", "tencent", "baidu", "locmem"):
            yield Ask(f"/v1/receipts/{provider}/{secret}", {"Request": cloopen}, _IP)
    yield Ask(f"/v1/receipts/baidu/{SECRET}", baidu, _IP)
    yield Ask(f"/v1/receipts/baidu/{SECRET}", baidu, _IP, bad)


def slow_heads(arena: Arena) -> Seen:
    """A byte a second of the head of a request."""
    return _slowly(arena, _post(b"{}"), SLOW)


def slow_bodies(arena: Arena) -> Seen:
    """The head at once, then a byte a second of a body, at all of the server's threads but one."""
    return _slowly(arena, _SLOW_BODY, THREADS - 1, b"\r\n\r\n")


def slow_bodies_everywhere(arena: Arena) -> Seen:
    """At more connections than there are threads; and how it is once they have gone."""
    during = _slowly(arena, _SLOW_BODY, SLOW, b"\r\n\r\n")
    crowd = everybody(arena.world, numbers.homes(), numbers.shoppers())
    crowd.start()
    time.sleep(1)
    values = {"share served afterwards": _share(crowd.stop())}
    return Seen(requests=SLOW, values={**during.values, **values}, served=during.served)


def slow_bodies_at_proxy(arena: Arena) -> Seen:
    """The same, with nginx in front as deploy/nginx.conf has it."""
    with in_front(arena.world.port, arena.world.place / "proxy") as port:
        return _slowly(arena, _SLOW_BODY, SLOW, b"\r\n\r\n", port)


def _slowly(
    arena: Arena, request: bytes, connections: int, at_once: bytes = b"", port: int | None = None
) -> Seen:
    """How honest shoppers fare meanwhile: the share that logs in, and how fast nearly all do."""
    seconds = 2 + 6 * min(1.0, arena.scale)
    port = port or arena.world.port
    with _dribbling(port, request, at_once, connections):
        time.sleep(2)
        crowd = everybody(arena.world, numbers.homes(), numbers.shoppers(), least=1, port=port)
        crowd.start()
        time.sleep(seconds)
        served = crowd.stop()
    values = {"share served": _share(served), "slowest, seconds": served.slowest}
    return Seen(requests=connections, values=values, served=served)


def _share(served: Served) -> float:
    return served.logged_in / max(1, served.visits)


_SLOW_BODY = _post(b'{"phone":' + b" " * 500)


@contextmanager
def _dribbling(port: int, request: bytes, at_once: bytes, connections: int) -> Iterator[None]:
    start = request.index(at_once) + len(at_once) if at_once else 1
    over = threading.Event()

    def dribble() -> None:
        while not over.is_set():  # whoever is cut off comes again
            with suppress(OSError), socket.create_connection((HOST, port)) as connection:
                connection.sendall(request[:start])
                for byte in request[start:]:
                    if over.wait(1):
                        return
                    connection.sendall(bytes([byte]))
            over.wait(0.1)

    threads = [threading.Thread(target=dribble) for _ in range(connections)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
