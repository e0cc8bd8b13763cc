"""docs/captcha.md: what it says of our own, and the captchas of others against stand-ins."""

import hmac
import inspect
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.docs import vendor
from tests.docs.pages import blocks, quoted, read, rows
from tests.docs.typed import has_options
from tests.docs.vendor import Vendor
from verifications.captcha import Altcha, Captcha
from verifications.exceptions import CaptchaInvalid, Unavailable
from verifications.providers import tencent_auth

PAGE = read("docs/captcha.md")
GEETEST, TIANYU = blocks(PAGE, "python")
VALIDATE = {"lot_number": "lot", "captcha_output": "out", "pass_token": "pass", "gen_time": "1"}
TICKET = {"ticket": "t", "randstr": "@r"}
ACCOUNT = {"secret_id": "id", "secret_key": "key", "captcha_app_id": 7, "app_secret_key": "app"}


@pytest.fixture
def server() -> Iterator[Vendor]:
    with vendor.serving() as server:
        yield server


def _built(source: str, name: str, **options: Any) -> Captcha:
    names: dict[str, Any] = {"__name__": "captchas"}
    exec(source, names)
    built = names[name](**options)
    assert isinstance(built, Captcha)
    return built


@pytest.fixture
def geetest(server: Vendor) -> Captcha:
    return _built(GEETEST, "Geetest", captcha_id="id", captcha_key="key", base_url=server.url)


@pytest.fixture
def tianyu(server: Vendor) -> Captcha:
    return _built(TIANYU, "Tianyu", **ACCOUNT, base_url=server.url)


def test_the_options_of_our_own() -> None:
    documented = {quoted(name)[0]: int(default) for name, default, _ in rows(PAGE, "option")}
    parameters = inspect.signature(Altcha).parameters
    assert documented == {name: each.default for name, each in parameters.items()}


def test_its_times_have_their_command() -> None:
    """tests/benchmarks/test_captcha.py runs it."""
    has_options(blocks(PAGE, "sh")[0])
    measured = [what for what, *_ in _times()]
    told = re.findall(r'_tell\("([^"]+)"', read("benchmarks/captcha.py"))
    assert measured == told


def _times() -> list[list[str]]:
    table = PAGE.partition("| | median |")[2].partition("\n\n")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]
    ]


def test_geetest_is_asked_as_its_document_says(geetest: Captcha, server: Vendor) -> None:
    server.answers({"status": "success", "result": "success", "reason": "", "captcha_args": {}})
    assert geetest.challenge() == {"captcha_id": "id"}
    solved = geetest.check(json.dumps(VALIDATE), "192.0.2.1")
    assert server.path == "/validate?captcha_id=id"
    assert server.headers["Content-Type"] == "application/x-www-form-urlencoded"
    signature = hmac.new(b"key", b"lot", "sha256").hexdigest()
    asked = {name: value for name, (value,) in parse_qs(server.body.decode()).items()}
    assert asked == {**VALIDATE, "sign_token": signature}
    assert 1 <= len(solved.id) <= 16
    assert solved == geetest.check(json.dumps(VALIDATE), None)


def test_tianyu_is_asked_as_its_document_says(tianyu: Captcha, server: Vendor) -> None:
    server.answers({"Response": {"CaptchaCode": 1, "CaptchaMsg": "OK", "RequestId": "r"}})
    assert tianyu.challenge() == {"captcha_app_id": "7"}
    solved = tianyu.check(json.dumps(TICKET), "192.0.2.1")
    assert json.loads(server.body) == {
        "CaptchaType": 9,
        "Ticket": "t",
        "Randstr": "@r",
        "UserIp": "192.0.2.1",
        "CaptchaAppId": 7,
        "AppSecretKey": "app",
    }
    assert server.headers["X-TC-Action"] == "DescribeCaptchaResult"
    assert server.headers["X-TC-Version"] == "2019-07-22"
    assert 1 <= len(solved.id) <= 16


def test_tianyus_signature_is_that_of_the_sms_platform(
    tianyu: Captcha, server: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is checked against Tencent's own SDK."""
    server.answers({"Response": {"CaptchaCode": 1}})
    tianyu.check(json.dumps(TICKET), None)
    monkeypatch.setattr(tencent_auth, "_SERVICE", "captcha")
    moment = datetime.fromtimestamp(int(server.headers["X-TC-Timestamp"]), UTC)
    assert server.headers["Authorization"] == tencent_auth.authorization(
        "id",
        "key",
        moment,
        content_type=server.headers["Content-Type"],
        host=server.headers["Host"],
        body=server.body,
    )


@pytest.fixture(params=["geetest", "tianyu"])
def check(request: pytest.FixtureRequest) -> Callable[[], object]:
    """Checks a good answer with either."""
    captcha: Captcha = request.getfixturevalue(request.param)
    answer = {"geetest": VALIDATE, "tianyu": TICKET}[request.param]
    return lambda: captcha.check(json.dumps(answer), None)


@pytest.mark.parametrize("answer", ["", "x", "[]", "{}", '{"ticket": 1}', "\ud800", "[" * 5000])
def test_what_is_no_answer_is_not_passed_on(answer: str, geetest: Captcha, tianyu: Captcha) -> None:
    for captcha in (geetest, tianyu):
        with pytest.raises(CaptchaInvalid):
            captcha.check(answer, None)


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("geetest", {"status": "success", "result": "fail", "reason": "pass_token expire"}),
        ("geetest", {"status": "error", "code": "-50005", "msg": "illegal gen_time"}),
        ("geetest", {}),
        ("tianyu", {"Response": {"CaptchaCode": 8}}),
        ("tianyu", {"Response": {"CaptchaCode": 21}}),
        ("tianyu", {"Response": {"CaptchaCode": None}}),
    ],
)
def test_what_the_vendor_refuses_is_refused(
    name: str, document: Any, server: Vendor, request: pytest.FixtureRequest
) -> None:
    answer = {"geetest": VALIDATE, "tianyu": TICKET}[name]
    server.answers(document)
    with pytest.raises(CaptchaInvalid):
        request.getfixturevalue(name).check(json.dumps(answer), None)


@pytest.mark.parametrize(
    ("document", "status"),
    [({}, 500), (b"<h1>", 200), (b"", 200), ([], 502), (b"[1]", 200), (b"null", 200)],
)
def test_where_the_vendor_cannot_tell_nothing_is_let_through(
    document: Any, status: int, server: Vendor, check: Callable[[], object]
) -> None:
    server.answers(document, status)
    with pytest.raises(Unavailable):
        check()


def test_an_error_of_tencents_is_no_word_on_the_shopper(tianyu: Captcha, server: Vendor) -> None:
    server.answers({"Response": {"Error": {"Code": "InternalError"}, "RequestId": "r"}})
    with pytest.raises(Unavailable):
        tianyu.check(json.dumps(TICKET), None)


def test_a_vendor_that_is_gone_cannot_tell() -> None:
    with vendor.serving() as gone:
        captcha = _built(TIANYU, "Tianyu", **ACCOUNT, base_url=gone.url)
    with pytest.raises(Unavailable):
        captcha.check(json.dumps(TICKET), None)
