"""From a right code to a user, on whichever database the suite runs."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, connections

from tests.conftest import Configure
from verifications import accounts
from verifications.exceptions import (
    AlreadyRegistered,
    InvalidRequest,
    NotRegistered,
    PhoneBlocked,
    Unavailable,
)
from verifications.models import VerifiedPhone

pytestmark = [pytest.mark.database, pytest.mark.redis]

PHONE = "+8613800138000"


def test_logging_in_makes_an_account_once() -> None:
    user, created = accounts.log_in(PHONE)
    assert created
    assert accounts.log_in(PHONE) == (user, False)
    assert get_user_model().objects.count() == 1


def test_a_made_up_account_has_no_password_and_no_phone_in_its_name() -> None:
    user, _ = accounts.log_in(PHONE)
    assert not user.has_usable_password()
    assert re.fullmatch("dada_[0-9a-f]{10}", user.get_username())
    assert "138" not in user.get_username() or "8000" not in user.get_username()


def test_where_login_makes_no_accounts(configure: Configure) -> None:
    configure(CREATE_ON_LOGIN=False)
    with pytest.raises(NotRegistered):
        accounts.log_in(PHONE)
    assert not get_user_model().objects.exists()
    user = accounts.register(PHONE)
    assert accounts.log_in(PHONE) == (user, False)


def test_registering_makes_an_account_with_what_was_given() -> None:
    user = accounts.register(PHONE, username="dada", password="secret1", email="a@b.cn")
    assert user.get_username() == "dada"
    assert user.check_password("secret1")
    assert accounts.phone_of(user) == PHONE


def test_a_phone_registers_once() -> None:
    accounts.register(PHONE)
    with pytest.raises(AlreadyRegistered):
        accounts.register(PHONE)
    assert get_user_model().objects.count() == 1


def test_a_phone_that_is_registered_needs_nobody_made(configure: Configure) -> None:
    accounts.register(PHONE)
    configure(CREATE_USER=f"{__name__}.nobody_is_made")
    with pytest.raises(AlreadyRegistered):
        accounts.register(PHONE)
    assert not accounts.log_in(PHONE)[1]


def nobody_is_made(phone: str, **fields: Any) -> AbstractBaseUser:
    raise AssertionError(phone)


def test_a_username_that_is_taken_makes_nothing() -> None:
    accounts.register(PHONE, username="dada")
    with pytest.raises(InvalidRequest) as refusal:
        accounts.register("+8613800138001", username="dada")
    told = [{"field": "username", "message": "用户名已被使用，请换一个。"}]
    assert refusal.value.extras == {"errors": told}
    assert VerifiedPhone.objects.count() == 1


def test_an_account_that_was_switched_off_stays_out() -> None:
    user = accounts.register(PHONE)
    user.is_active = False
    user.save()
    with pytest.raises(PhoneBlocked):
        accounts.log_in(PHONE)


def test_the_database_itself_keeps_a_phone_to_one_user() -> None:
    first, second = (get_user_model().objects.create(username=name) for name in "ab")
    VerifiedPhone.objects.create(user=first, phone=PHONE)
    with pytest.raises(IntegrityError):
        VerifiedPhone.objects.create(user=second, phone=PHONE)


def test_a_project_may_make_its_users_itself(configure: Configure) -> None:
    configure(CREATE_USER=f"{__name__}.name_after_phone")
    user, _ = accounts.log_in(PHONE)
    assert user.get_username() == "user-8000"


def name_after_phone(phone: str, **fields: Any) -> AbstractBaseUser:
    return get_user_model().objects.create_user(username=f"user-{phone[-4:]}", **fields)


def test_a_phone_is_shown_masked() -> None:
    accounts.register(PHONE)
    assert str(VerifiedPhone.objects.get()) == "+86138****8000"


def _race(act: Callable[[], str]) -> list[str]:
    barrier = Barrier(8)

    def run(_: int) -> str:
        barrier.wait()
        try:
            return act()
        except AlreadyRegistered as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return sorted(pool.map(run, range(8)))


@pytest.mark.django_db(transaction=True)
def test_racing_registrations_make_one_account() -> None:
    outcomes = _race(lambda: str(accounts.register(PHONE, username="dada")))
    assert outcomes == ["already_registered"] * 7 + ["dada"]
    assert get_user_model().objects.count() == VerifiedPhone.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_racing_logins_make_one_account() -> None:
    made = _race(lambda: "made" if accounts.log_in(PHONE)[1] else "known")
    assert made == ["known"] * 7 + ["made"]
    assert get_user_model().objects.count() == VerifiedPhone.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_fails_is_unavailable() -> None:
    def refuse(*_: object) -> None:
        from django.db import OperationalError

        raise OperationalError("gone")

    with connection.execute_wrapper(refuse), pytest.raises(Unavailable):
        accounts.log_in(PHONE)
