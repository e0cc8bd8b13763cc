"""Whatever is sent as an answer and is none is CaptchaInvalid, and nothing else happens."""

import base64
import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import altcha
import pytest
from altcha import v1
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Configure
from tests.verifications.captchas import EASY, answered, packed, solve
from verifications import captcha
from verifications.exceptions import CaptchaInvalid

Document = dict[str, Any]

thoroughly = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def _easy(configure: Configure) -> None:
    configure(CAPTCHA_OPTIONS=EASY)


@pytest.fixture
def right() -> Document:
    return answered(captcha.get().challenge())


def refused(answer: str) -> bool:
    """False for one that passes; whatever else is raised fails the test."""
    try:
        captcha.get().check(answer, None)
    except CaptchaInvalid:
        return True
    return False


def raw(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "x",
        "验证码",
        "\ud800",
        "====",
        "A" * 100_000,
        raw(""),
        raw("{"),
        raw("null"),
        raw("[]"),
        raw("1e999"),
        raw("NaN"),
        raw('"\ud800"'),
        raw("[" * 1000),
        raw('{"challenge":' * 100),
        raw("{}"),
        raw('{"challenge": {}, "solution": {}}'),
        base64.b64encode(b"\xff\xfe\x00").decode(),
    ],
    ids=lambda answer: ascii(answer[:20]),
)
def test_what_is_no_answer_at_all(answer: str) -> None:
    assert refused(answer)


def test_what_is_too_long_is_not_read(right: Document) -> None:
    padding = " " * 1500
    assert not refused(packed(right))
    assert refused(raw(json.dumps(right) + padding))


def test_blanks_within_the_base64_are_not_passed_over(right: Document) -> None:
    answer = packed(right)
    assert refused(answer[:40] + "\n" + answer[40:])
    assert refused(answer + "!")


WRONG: dict[str, Callable[[Document], object]] = {
    "another algorithm": lambda d: d["challenge"]["parameters"].update(algorithm="SHA-256"),
    "cheaper": lambda d: d["challenge"]["parameters"].update(cost=1),
    "dearer": lambda d: d["challenge"]["parameters"].update(cost=10**9),
    "cost in a fraction": lambda d: d["challenge"]["parameters"].update(cost=100.0),
    "another nonce": lambda d: d["challenge"]["parameters"].update(nonce="00" * 16),
    "another salt": lambda d: d["challenge"]["parameters"].update(salt="00" * 16),
    "no prefix": lambda d: d["challenge"]["parameters"].update(keyPrefix=""),
    "a shorter key": lambda d: d["challenge"]["parameters"].update(keyLength=1),
    "no signature of the key": lambda d: d["challenge"]["parameters"].pop("keySignature"),
    "a null for that": lambda d: d["challenge"]["parameters"].update(keySignature=None),
    "an empty one": lambda d: d["challenge"]["parameters"].update(keySignature=""),
    "no end": lambda d: d["challenge"]["parameters"].pop("expiresAt"),
    "a later end": lambda d: d["challenge"]["parameters"].update(expiresAt=2**40),
    "an end in a fraction": lambda d: d["challenge"]["parameters"].update(expiresAt=2e12),
    "an end that is not finite": lambda d: d["challenge"]["parameters"].update(
        expiresAt=float("inf")
    ),
    "data of its own": lambda d: d["challenge"]["parameters"].update(data={"a": 1}),
    "a null nobody signed": lambda d: d["challenge"]["parameters"].update(data=None),
    "a memory cost": lambda d: d["challenge"]["parameters"].update(memoryCost=1),
    "unsigned": lambda d: d["challenge"].pop("signature"),
    "signed with nothing": lambda d: d["challenge"].update(signature=""),
    "signed with null": lambda d: d["challenge"].update(signature=None),
    "signed by another": lambda d: d["challenge"].update(signature="0" * 64),
    "a signature that is a list": lambda d: d["challenge"].update(signature=[]),
    "another name": lambda d: d.update(test=True),
    "another name inside": lambda d: d["challenge"].update(codeChallenge={}),
    "no solution": lambda d: d.pop("solution"),
    "a null solution": lambda d: d.update(solution=None),
    "another key": lambda d: d["solution"].update(derivedKey="00" * 32),
    "no key": lambda d: d["solution"].update(derivedKey=""),
    "the prefix alone": lambda d: d["solution"].update(
        derivedKey=d["challenge"]["parameters"]["keyPrefix"]
    ),
    "a key that is no hex": lambda d: d["solution"].update(derivedKey="é" * 32),
    "a counter that is not finite": lambda d: d["solution"].update(counter=float("nan")),
    "a time that is not finite": lambda d: d["solution"].update(time=float("inf")),
    "a counter of truth": lambda d: d["solution"].update(counter=True),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_right_answer_with_one_thing_wrong(
    change: Callable[[Document], object], right: Document
) -> None:
    change(right)
    assert refused(packed(right))


def _signed(algorithm: str, **options: Any) -> str:
    """One under our own signature, of another kind than we make."""
    ours = captcha._secrets()[0]
    made = altcha.create_challenge(
        algorithm,
        options.pop("cost", EASY["cost"]),
        hmac_secret=ours.challenge,
        hmac_key_secret=ours.answer,
        **{"counter": 1, "expires_at": 2**31, **options},
    )
    return solve(made.to_dict())


def test_our_signature_alone_is_not_enough() -> None:
    assert not refused(_signed("PBKDF2/SHA-256"))
    assert refused(_signed("SHA-256"))
    assert refused(_signed("PBKDF2/SHA-512"))
    assert refused(_signed("PBKDF2/SHA-256", cost=99))
    assert refused(_signed("PBKDF2/SHA-256", expires_at=None))
    assert refused(_signed("PBKDF2/SHA-256", data={"a": 1}))
    assert refused(_signed("PBKDF2/SHA-256", counter=None, key_prefix="0"))


def test_the_former_version_is_no_way_round() -> None:
    secret = captcha._secrets()[0].challenge
    made = v1.create_challenge(v1.ChallengeOptions(hmac_key=secret, max_number=10))
    solution = v1.solve_challenge(made)
    assert solution
    answer = v1.Payload(
        made.algorithm, made.challenge, solution.number, made.salt, made.signature
    ).to_base64()
    assert v1.verify_solution(answer, secret)[0]
    assert refused(answer)


@given(st.text() | st.binary().map(lambda each: base64.b64encode(each).decode()))
@thoroughly
def test_any_text(answer: str) -> None:
    assert refused(answer)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
# Not signed, and nothing that anybody goes by.
FREE = {("solution", "counter"), ("solution", "time")}


def _places(document: Document, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in document.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from _places(value, (*above, name))


@given(data=st.data(), value=JSON)
@thoroughly
def test_any_value_at_any_place(data: st.DataObject, value: Any, right: Document) -> None:
    changed = copy.deepcopy(right)
    place = data.draw(st.sampled_from(sorted(_places(right))))
    inner = changed
    for name in place[:-1]:
        inner = inner[name]
    same = inner[place[-1]] == value
    inner[place[-1]] = value
    assert refused(packed(changed)) or same or place in FREE


@given(data=st.data())
@thoroughly
def test_any_byte_of_it(data: st.DataObject, right: Document) -> None:
    """What passes all the same is the same challenge, so it is spent with it."""
    document = bytearray(json.dumps(right).encode())
    document[data.draw(st.integers(0, len(document) - 1))] = data.draw(st.integers(0, 255))
    nonce = bytes.fromhex(right["challenge"]["parameters"]["nonce"])
    try:
        solved = captcha.get().check(base64.b64encode(document).decode(), None)
    except CaptchaInvalid:
        return
    assert solved.id == nonce
