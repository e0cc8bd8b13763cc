"""A shopper reads the refusal in the language of the page."""

import pytest

from tests.conftest import Api


@pytest.mark.parametrize(
    ("accepted", "words"),
    [
        ("", "手机号不正确，请检查后重新输入。"),
        ("zh-CN,zh;q=0.9", "手机号不正确，请检查后重新输入。"),
        ("en-US,en;q=0.9", "This is not a mobile number. Please check it and type it again."),
        ("xx", "手机号不正确，请检查后重新输入。"),
    ],
)
def test_the_detail_is_in_the_language_asked_for(api: Api, accepted: str, words: str) -> None:
    body = {"phone": "123", "purpose": "login"}
    answer = api.post("/v1/verifications/codes", body, **{"Accept-Language": accepted})
    assert answer.json()["detail"] == words


def test_a_wait_is_said_in_the_unit_that_people_use(api: Api, phone: str) -> None:
    from verifications.exceptions import Cooldown, RateLimited

    assert Cooldown(retry_after=60).message == "验证码刚刚发过，请在 60 秒后重新获取。"
    assert "请在 30 分钟后" in RateLimited("phone", 1750).message
    assert "请在 14 小时后" in RateLimited("phone", 14 * 3600).message
