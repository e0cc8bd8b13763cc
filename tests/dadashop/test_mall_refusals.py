"""Each refusal reaches the mall's pages as HTTP 200, with its own number and Chinese words."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from dadashop import mall as product
from tests.conftest import Configure, wrong
from tests.dadashop.mall import LOG_IN, REGISTER, SEND, Mall
from tests.verifications import platforms
from verifications import accounts
from verifications.exceptions import VerificationError
from verifications.providers import Rejected

pytestmark = pytest.mark.django_db

LastCode = Callable[[], str]
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WAIT = {"too_many_attempts", "cooldown", "rate_limited", "unavailable"}


def _check(told: dict[str, Any], code: str) -> None:
    assert told.keys() == {"code", "error"}
    assert told["code"] == product.NUMBERS[code]
    assert told["error"].keys() == ({"message", "retry_after"} if code in _WAIT else {"message"})
    assert _CHINESE.search(told["error"]["message"])
    if code in _WAIT:
        assert isinstance(told["error"]["retry_after"], int)
        assert told["error"]["retry_after"] > 0


def test_every_row_of_the_error_table_has_a_number_of_its_own() -> None:
    assert product.NUMBERS.keys() == {row.code for row in VerificationError.__subclasses__()}
    numbers = [*product.NUMBERS.values(), product.INTERNAL_ERROR]
    assert len(set(numbers)) == len(numbers)
    assert all(10_000 <= number <= 10_999 for number in numbers)


def test_invalid_phone(mall: Mall) -> None:
    _check(mall.send("123"), "invalid_phone")
    _check(mall.register("123", "123456"), "invalid_phone")
    _check(mall.log_in("123", "123456"), "invalid_phone")


def test_country_not_allowed(mall: Mall) -> None:
    _check(mall.send("+14155552671"), "country_not_allowed")


@pytest.mark.parametrize("purpose", ["nonsense", ["login"], {"a": 1}, True, 7])
def test_unknown_purpose(purpose: Any, mall: Mall, phone: str) -> None:
    _check(mall.send(phone, purpose=purpose), "unknown_purpose")


def test_code_incorrect(mall: Mall, phone: str, last_code: LastCode) -> None:
    mall.send(phone)
    _check(mall.register(phone, wrong(last_code())), "code_incorrect")


def test_code_expired(mall: Mall, phone: str) -> None:
    _check(mall.log_in(phone, "123456"), "code_expired")


def test_too_many_attempts(mall: Mall, phone: str, last_code: LastCode) -> None:
    mall.send(phone, purpose="login")
    for _ in range(5):
        mall.log_in(phone, wrong(last_code()))
    _check(mall.log_in(phone, last_code()), "too_many_attempts")


def test_cooldown(mall: Mall, phone: str) -> None:
    mall.send(phone)
    told = mall.send(phone)
    _check(told, "cooldown")
    assert 59 <= told["error"]["retry_after"] <= 60


def test_rate_limited(mall: Mall, phone: str, configure: Configure) -> None:
    configure(IP_LIMITS=[[1, 3600]])
    mall.send("13900139000")
    _check(mall.send(phone), "rate_limited")


def test_phone_blocked(mall: Mall, phone: str, last_code: LastCode) -> None:
    user = accounts.register("+86" + phone)
    user.is_active = False
    user.save()
    mall.send(phone, purpose="login")
    _check(mall.log_in(phone, last_code()), "phone_blocked")


def test_already_registered(mall: Mall, phone: str, last_code: LastCode) -> None:
    accounts.register("+86" + phone)
    mall.send(phone)
    _check(mall.register(phone, last_code()), "already_registered")


def test_not_registered(mall: Mall, phone: str, last_code: LastCode, configure: Configure) -> None:
    configure(CREATE_ON_LOGIN=False)
    mall.send(phone, purpose="login")
    _check(mall.log_in(phone, last_code()), "not_registered")


def test_delivery_failed(mall: Mall, phone: str, configure: Configure) -> None:
    configure(**platforms.settings_of("failing"))
    platforms.fake("failing").error = Rejected("160042")
    _check(mall.send(phone), "delivery_failed")
    platforms.forget()


def test_unavailable(mall: Mall, phone: str, last_code: LastCode) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    mall.send(phone, purpose="login")
    with connection.execute_wrapper(refuse):
        _check(mall.log_in(phone, last_code()), "unavailable")


@pytest.mark.parametrize("language", ["en-US,en;q=0.9", "xx", "zh-TW"])
@pytest.mark.parametrize("path", [SEND, REGISTER, LOG_IN])
def test_a_shopper_of_the_mall_reads_chinese_whatever_the_browser_asks_for(
    path: str, language: str, mall: Mall
) -> None:
    body = {"phone": "123", "verify": "123456", "uname": "dada", "password": "secret1"}
    told = mall.post(path, body, **{"Accept-Language": language})
    assert told["error"] == {"message": "手机号不正确，请检查后重新输入。"}
