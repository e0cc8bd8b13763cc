"""docs/sandbox.md: each fault ends as its table says."""

import pytest

from sandbox.faults import KINDS, NOT_TAKEN, ON_RECEIPT
from tests.docs.pages import blocks, quoted, read, rows
from tests.docs.typed import run_curl
from tests.live import Live

FAULTS = {
    kind: (taken, shopper)
    for kinds, taken, _sees, shopper in rows(read("docs/sandbox.md"), "kind")
    for kind in quoted(kinds)
}


def test_each_kind_is_in_the_table() -> None:
    assert FAULTS.keys() == KINDS
    assert {kind for kind, (taken, _) in FAULTS.items() if taken == "no"} == NOT_TAKEN


@pytest.mark.live
@pytest.mark.parametrize("kind", sorted(KINDS - ON_RECEIPT))
def test_what_the_shopper_gets(kind: str, live: Live, phone: str) -> None:
    taken, shopper = FAULTS[kind]
    live.fault(kind=kind, phone=phone, **({"code": "160014"} if kind == "error" else {}))
    answer = live.post("/v1/verifications/codes", {"phone": phone, "purpose": "login"})
    assert str(answer.status_code) == shopper[:3]
    said = answer.json().get("code") or answer.json()["status"]
    assert said in quoted(shopper)
    assert bool(live.texts(phone)) is (taken == "yes")


@pytest.mark.live
def test_the_examples(live: Live) -> None:
    (script,) = blocks(read("docs/sandbox.md"), "sh")
    for line in script.splitlines():
        assert line.startswith("curl ")
        assert run_curl(line.replace("http://127.0.0.1:8883", live.sandbox_url)).startswith(
            ("{", "[")
        )
