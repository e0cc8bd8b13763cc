"""The shopper's JWT."""

import time

import jwt
import pytest
from django.conf import LazySettings
from django.contrib.auth.base_user import AbstractBaseUser

from tests.conftest import Configure
from verifications import accounts


@pytest.fixture
def user() -> AbstractBaseUser:
    return accounts.register("+8613800138000", username="dada")


def _claims(token: str) -> dict[str, object]:
    found: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return found


def test_a_token_names_its_user_among_others(user: AbstractBaseUser) -> None:
    other = accounts.register("+8613800138001")
    assert accounts.user_of_token(accounts.issue_token(other)) == other
    assert accounts.user_of_token(accounts.issue_token(user)) == user


def test_a_token_says_when_it_was_made_and_ends(user: AbstractBaseUser) -> None:
    claims = _claims(accounts.issue_token(user))
    assert claims.keys() == {"sub", "iat", "exp", "jti"}
    assert claims["sub"] == str(user.pk)
    issued, ends = claims["iat"], claims["exp"]
    assert isinstance(issued, int)
    assert isinstance(ends, int)
    assert abs(issued - time.time()) < 5
    assert ends - issued == 7 * 86_400


def test_no_two_tokens_are_the_same(user: AbstractBaseUser) -> None:
    ids = {_claims(accounts.issue_token(user))["jti"] for _ in range(10)}
    assert len(ids) == 10
    assert all(len(str(one)) == 16 for one in ids)


def test_a_token_ends(user: AbstractBaseUser, configure: Configure) -> None:
    configure(TOKEN_TTL=1)
    token = accounts.issue_token(user)
    claims = {**_claims(token), "exp": int(time.time()) - 1}
    assert accounts.user_of_token(jwt.encode(claims, accounts._token_keys()[0])) is None


@pytest.mark.parametrize("token", ["", "abc", "a.b.c", "é.é.é", "\0"])
def test_what_is_no_token_names_nobody(token: str) -> None:
    assert accounts.user_of_token(token) is None


def test_a_token_without_a_signature_names_nobody(user: AbstractBaseUser) -> None:
    claims = _claims(accounts.issue_token(user))
    assert accounts.user_of_token(jwt.encode(claims, "", "none")) is None


def test_a_token_of_another_key_names_nobody(user: AbstractBaseUser) -> None:
    claims = _claims(accounts.issue_token(user))
    assert accounts.user_of_token(jwt.encode(claims, "x" * 32)) is None


@pytest.mark.parametrize("claim", ["sub", "iat", "exp", "jti"])
def test_a_token_that_lacks_a_claim_names_nobody(claim: str, user: AbstractBaseUser) -> None:
    claims = _claims(accounts.issue_token(user))
    del claims[claim]
    assert accounts.user_of_token(jwt.encode(claims, accounts._token_keys()[0])) is None


def test_the_secret_key_itself_signs_no_token(
    user: AbstractBaseUser, settings: LazySettings
) -> None:
    """Were it so, a token could be taken for another thing that Django signs."""
    claims = _claims(accounts.issue_token(user))
    assert accounts.user_of_token(jwt.encode(claims, settings.SECRET_KEY)) is None


def test_a_token_outlives_a_change_of_the_secret_key(
    user: AbstractBaseUser, settings: LazySettings
) -> None:
    token = accounts.issue_token(user)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert accounts.user_of_token(token) == user
    settings.SECRET_KEY_FALLBACKS = []
    assert accounts.user_of_token(token) is None


def test_a_user_who_was_switched_off_or_deleted_is_nobody(user: AbstractBaseUser) -> None:
    token = accounts.issue_token(user)
    user.is_active = False
    user.save()
    assert accounts.user_of_token(token) is None
    user.delete()
    assert accounts.user_of_token(token) is None
