"""What is good for once, used again: captchas, codes, proofs, 提货码."""

import base64
import re
from collections import Counter
from typing import Any

from tests.attacks import numbers
from tests.attacks.arena import Arena, Seen
from tests.attacks.wire import CAPTCHA, Answer, Ask, Wire, guess, send
from tests.attacks.world import SECRET
from tests.verifications.captchas import answered, packed

_TIMES = 200
_SERVICE = (("Authorization", f"Bearer {SECRET}"),)


def captchas(arena: Arena) -> Seen:
    """From an address that a captcha is asked of: one answer 200 times at once, then all others."""
    (ip,), seen = numbers.addresses(10, 1), Seen()
    phones = numbers.apart("156", 40 + 2 * _TIMES)
    before, replayed, bad = phones[:40], phones[40 : 40 + _TIMES], phones[40 + _TIMES :]
    seen.count(arena.swarm.fire([send(phone, ip) for phone in before]))
    wire = Wire(arena.world.port)
    right = answered(wire.ask(Ask(CAPTCHA, None, ip)).body)
    answers = [*_wrong(right, answered(wire.ask(Ask(CAPTCHA, None, ip)).body)), *_expired(arena)]
    wire.close()
    asks = [send(phone, ip, captcha=packed(right)) for phone in replayed]
    seen.count(arena.swarm.fire(asks, 100))
    asks = [send(phone, ip, captcha=answers[n % len(answers)]) for n, phone in enumerate(bad)]
    seen.count(arena.swarm.fire(asks, 100))
    seen.texts = arena.world.texts(phones)
    seen.values["sends by one captcha"] = arena.world.texts(replayed)
    seen.values["sends by no captcha"] = arena.world.texts(bad)
    return seen


def _wrong(right: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Made from two right ones."""
    challenge, solution = right["challenge"], right["solution"]
    parameters = challenge["parameters"]
    changes = {
        "expiresAt": parameters["expiresAt"] + 3600,
        "cost": 1,
        "nonce": "00" * 16,
        "keySignature": other["challenge"]["parameters"]["keySignature"],
    }
    changed = [
        {
            "challenge": {**challenge, "parameters": {**parameters, name: value}},
            "solution": solution,
        }
        for name, value in changes.items()
    ]
    crossed = {"challenge": challenge, "solution": other["solution"]}
    unsigned = {"challenge": {**challenge, "signature": "00" * 32}, "solution": solution}
    documents: list[Any] = [*changed, crossed, unsigned, {}, [], None]
    return [*map(packed, documents), "x", "=" * 4000, base64.b64encode(b"\xff\x00").decode()]


def _expired(arena: Arena) -> list[str]:
    return [packed(answered(arena.world.told("expired")))]


def races(arena: Arena) -> Seen:
    """A right code, a proof and a 提货码, each 200 times at once."""
    code_of, proven, picked = numbers.apart("157", 3)
    seen, wire, ip = Seen(), Wire(arena.world.port), "203.0.113.7"
    for phone, purpose in ((code_of, "login"), (proven, "reset_password")):
        seen.count([wire.ask(send(phone, ip, purpose))])
    order = {"phone": picked, "order": "D-race"}
    seen.count([wire.ask(Ask("/v1/pickup-codes", order, ip, _SERVICE))])
    code = arena.world.code(code_of)
    logins = arena.swarm.fire([guess(code_of, code, ip)] * _TIMES, 100)
    body = {"order": "D-race", "code": _last_code(arena, picked)}
    redeemed = arena.swarm.fire([Ask("/v1/pickup-codes/redeem", body, ip, _SERVICE)] * _TIMES, 100)
    proof = wire.ask(guess(proven, arena.world.code(proven), ip, "reset_password")).body["proof"]
    wire.close()
    insiders = [arena.world.insider("redeem", proven, proof, str(_TIMES // 4)) for _ in range(4)]
    passed = sum(int(one.communicate(timeout=120)[0]) for one in insiders)
    seen.count(logins)
    seen.count(redeemed)
    seen.requests += _TIMES
    seen.texts = arena.world.texts([code_of, proven, picked])
    seen.values = {
        "logins by one code": _ok(logins),
        "passes of one proof": passed,
        "提货码 redeemed": _ok(redeemed),
    }
    return seen


def _ok(answers: list[Answer]) -> int:
    return Counter(answer.status for answer in answers)[200]


def _last_code(arena: Arena, phone: str) -> str:
    """Of a text that may name its order first."""
    return str(re.findall(r"(?<!\d)\d{6}(?!\d)", arena.world.listed(phone)[0]["text"])[0])
