"""What is wrong with a new user's fields is said in words, and does not cost the code."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model

from tests.dadashop.mall import LOG_IN, SEND, Mall

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LastCode = Callable[[], str]

WRONG: dict[str, tuple[dict[str, object], str]] = {
    "no name": ({"uname": None}, "请输入用户名。"),
    "blank name": ({"uname": "  "}, "请输入用户名。"),
    "name of a wrong type": ({"uname": ["dada"]}, "请输入用户名。"),
    "true as a name": ({"uname": True}, "请输入用户名。"),
    "name with a blank": ({"uname": "da da"}, "用户名"),
    "long name": ({"uname": "d" * 151}, "150"),
    "no password": ({"password": None}, "请输入密码。"),
    "short password": ({"password": "12345"}, "密码至少要有 6 个字符，请重新设置。"),
    "password of a wrong type": ({"password": {"a": 1}}, "请输入密码。"),
    "bad address": ({"email": "nowhere"}, "输入一个有效的 Email 地址。"),
    "address of a wrong type": ({"email": ["a@example.com"]}, "输入一个有效的 Email 地址。"),
    "long address": ({"email": "a" * 280 + "@example.com"}, "254"),
    "taken name": ({"uname": "taken"}, "用户名已被使用，请换一个。"),
    # Django writes a name in one form (NFKC) before it keeps it.
    "taken name in full width": ({"uname": "ｔａｋｅｎ"}, "用户名已被使用，请换一个。"),
    "no code": ({"verify": None}, "请输入短信验证码。"),
}


@pytest.mark.parametrize("case", WRONG)
def test_the_same_code_registers_afterwards(
    case: str, mall: Mall, phone: str, last_code: LastCode
) -> None:
    get_user_model().objects.create_user("taken")
    change, words = WRONG[case]
    mall.send(phone)
    for _ in range(6):  # more often than a code may be guessed
        told = mall.register(phone, last_code(), **change)
        assert told["code"] == 10100
        assert words in told["error"]["message"]
    told = mall.register(phone, last_code())
    assert (told["code"], told["username"]) == (200, f"dada{phone}")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "请输入手机号。"),
        ({"phone": None}, "请输入手机号。"),
        ({"phone": ""}, "请输入手机号。"),
        ({"phone": ["13800138000"]}, "请输入手机号。"),
        ({"phone": True}, "请输入手机号。"),
        ({"phone": 1.38e10}, "请输入手机号。"),
    ],
)
@pytest.mark.parametrize("path", [SEND, LOG_IN])
def test_a_missing_phone_is_asked_for(
    path: str, body: dict[str, object], words: str, mall: Mall
) -> None:
    assert mall.post(path, body) == {"code": 10100, "error": {"message": words}}


def test_a_missing_code_is_asked_for(mall: Mall, phone: str) -> None:
    told = mall.post(LOG_IN, {"phone": phone})
    assert told == {"code": 10100, "error": {"message": "请输入短信验证码。"}}


def test_fields_that_nobody_knows_do_no_harm(mall: Mall, phone: str) -> None:
    assert mall.send(phone, rand="0.123", callback="x")["code"] == 200


def test_a_name_that_another_took_meanwhile_is_refused_in_words(
    mall: Mall, phone: str, last_code: LastCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our look and the database's own: the database decides, and nobody is made."""
    from dadashop import mall as product

    look = product._new_user

    def overtaken(fields: dict[str, object]) -> dict[str, object]:
        user = look(fields)
        get_user_model().objects.create_user(f"dada{phone}")
        return user

    monkeypatch.setattr(product, "_new_user", overtaken)
    mall.send(phone)
    told = mall.register(phone, last_code())
    assert told == {"code": 10100, "error": {"message": "用户名已被使用，请换一个。"}}
    assert get_user_model().objects.count() == 1


@pytest.mark.parametrize(("length", "code"), [(128, 10105), (129, 10100), (7000, 10100)])
def test_a_password_that_is_too_long_to_hash_is_refused(
    length: int, code: int, mall: Mall, phone: str
) -> None:
    """With 128 characters it gets as far as the code, which was never asked for."""
    told = mall.register(phone, "123456", password="密" * length if length < 1000 else "p" * length)
    assert told["code"] == code
    assert (told["error"]["message"] == "密码最多 128 个字符，请重新设置。") == (code == 10100)
