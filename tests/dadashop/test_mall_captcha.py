"""The mall's old pages where a captcha is asked for: most of them cannot show one."""

import re

import pytest

from tests.conftest import Configure
from tests.dadashop.mall import Mall
from tests.verifications import captchas
from verifications import captcha
from verifications.providers import locmem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _always(configure: Configure) -> None:
    configure(CAPTCHA="always", CAPTCHA_OPTIONS=captchas.EASY)


def test_a_shopper_is_told_what_to_do(mall: Mall, phone: str) -> None:
    told = mall.send(phone)
    assert told["code"] == 10109
    assert told["error"].keys() == {"message"}
    assert re.search("请过几分钟再试.*新版登录页", told["error"]["message"])
    assert not locmem.outbox


def test_a_page_that_solves_one_gets_its_code(mall: Mall, phone: str) -> None:
    answer = captchas.solve(captcha.get().challenge())
    assert mall.send(phone, captcha=answer)["code"] == 200
    assert mall.send(f"139{phone[3:]}", captcha=answer)["code"] == 10110


@pytest.mark.parametrize("wrong", ["x", 1, [], {"a": 1}, None])
def test_whatever_it_sends_is_answered(mall: Mall, phone: str, wrong: object) -> None:
    assert mall.send(phone, captcha=wrong)["code"] in (10109, 10110)
