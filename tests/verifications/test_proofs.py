"""What a code for another purpose than logging in is traded for."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.conf import LazySettings

from verifications import services
from verifications.exceptions import CodeExpired
from verifications.services import Proof, exchange_code, redeem_proof, send_code

pytestmark = pytest.mark.redis


@pytest.fixture
def proof(phone: str, last_code: Callable[[], str]) -> str:
    send_code(phone, "reset_password")
    outcome = exchange_code(phone, "reset_password", last_code())
    assert isinstance(outcome, Proof)
    assert outcome.expires_in == 600
    return outcome.proof


def test_a_proof_tells_the_phone_once(phone: str, proof: str) -> None:
    assert redeem_proof(phone, "reset_password", proof) == "+86" + phone
    with pytest.raises(CodeExpired):
        redeem_proof(phone, "reset_password", proof)


def test_racing_redeemers_get_one_success(phone: str, proof: str) -> None:
    def redeem(_: int) -> bool:
        try:
            redeem_proof(phone, "reset_password", proof)
        except CodeExpired:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(redeem, range(20))) == 1


def test_a_proof_is_of_one_phone_and_one_purpose(phone: str, proof: str) -> None:
    with pytest.raises(CodeExpired):
        redeem_proof("13900139000", "reset_password", proof)
    with pytest.raises(CodeExpired):
        redeem_proof(phone, "change_phone", proof)
    assert redeem_proof(phone, "reset_password", proof)


@pytest.mark.parametrize("forged", ["", "a", "a:b:c", ":::"])
def test_a_forged_proof_is_worth_nothing(phone: str, forged: str) -> None:
    with pytest.raises(CodeExpired):
        redeem_proof(phone, "reset_password", forged)


def test_each_changed_character_spoils_a_proof(phone: str, proof: str) -> None:
    for i, character in enumerate(proof):
        changed = proof[:i] + ("A" if character != "A" else "B") + proof[i + 1 :]
        with pytest.raises(CodeExpired):
            redeem_proof(phone, "reset_password", changed)


def test_a_proof_ends(phone: str, proof: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(services, "time", SimpleNamespace(time=lambda: now + 601))
    with pytest.raises(CodeExpired):
        redeem_proof(phone, "reset_password", proof)


def test_a_proof_outlives_a_change_of_the_secret_key(
    phone: str, proof: str, settings: LazySettings
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert redeem_proof(phone, "reset_password", proof)


def test_a_proof_names_no_phone(phone: str, proof: str) -> None:
    assert phone not in proof
