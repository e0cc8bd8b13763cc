"""What the code of a report means to an operator, and to the breakers."""

import pytest

from verifications.providers import carriers


@pytest.mark.parametrize(
    ("code", "kind", "meaning"),
    [
        ("DELIVRD", "success", "已送达"),
        ("MK:0012", "recipient", "空号"),
        ("mk:0012 ", "recipient", "空号"),
        ("MK:4711", "recipient", "空号、停机、关机或手机异常"),
        ("UNDELIV_601", "recipient", "空号、停机、关机或无法接通"),
        ("DB:0141", "recipient", "号码在运营商黑名单"),
        ("DB:9999", "transient", "运营商网关内部错误"),
        ("12", "recipient", "空号、停机、关机或已销户"),
        ("MOBILE_NOT_ON_SERVICE", "recipient", "停机、空号、关机或不在服务区"),
        ("REJECTD", "content", "被运营商拒收,多因内容"),
        ("IS_CLOSE", "transient", "短信通道被关停"),
        ("B:00019", "rate", "业务限流"),
    ],
)
def test_a_code_in_plain_words(code: str, kind: str, meaning: str) -> None:
    assert carriers.explain(code) == (kind, meaning)


@pytest.mark.parametrize("code", ["", "X:1", "4711", "é", "*", "x" * 100_000])
def test_an_unknown_code_is_held_against_nobody(code: str) -> None:
    explained = carriers.explain(code)
    assert explained == ("n/a", "未知代码")
    assert not explained.blames_platform


@pytest.mark.parametrize(
    ("code", "blamed"),
    [("MK:0012", False), ("REJECTD", False), ("MX:0003", False), ("NOROUTE", True)],
)
def test_whom_a_code_blames(code: str, blamed: bool) -> None:
    assert carriers.explain(code).blames_platform == blamed
