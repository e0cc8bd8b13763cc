"""A text's way through the real HTTP of the sandbox, in both formats."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from sandbox import Sandbox
from verifications.providers import Text
from verifications.providers.cloopen import Cloopen

Build = Callable[..., Cloopen]
formats = pytest.mark.parametrize("form", ["json", "xml"])


def text(*phones: str, template: str = "1", **params: str) -> Text:
    return Text(
        phones or ("+8613800138000",),
        template,
        params or {"code": "123456", "minutes": "5"},
        uuid4().hex,
    )


def _received(box: Sandbox) -> list[str]:
    return [message.text for message in box.world.phones.messages()]


@formats
def test_a_text_arrives(form: str, cloopen: Build, box: Sandbox) -> None:
    accepted = cloopen(format=form).send(text())
    assert len(accepted.message_id) == 32  # without the blank that the platform puts in front
    newest = _received(box)[0]
    assert newest == "【云通讯】您使用的是云通讯短信模板，您的验证码是123456，请于5分钟内正确输入"


@formats
@pytest.mark.parametrize(
    "awkward", ["A&B <b>", "\"'`", "😀 表情", "]]>", "{1}", "\\n", "%s", "a\nb", "á\u3000"]
)
def test_awkward_words_arrive_as_they_are(
    form: str, awkward: str, cloopen: Build, box: Sandbox
) -> None:
    cloopen(format=form).send(text(template="2", order=awkward, company="顺丰", number="SF1"))
    assert _received(box)[0] == f"【达达商城】您的订单{awkward}已由顺丰发出，运单号SF1。"


def test_xml_leaves_out_what_it_cannot_write(cloopen: Build, box: Sandbox) -> None:
    cloopen(format="xml").send(text(template="2", order="D\0\x1b1", company="顺丰", number="SF1"))
    assert "您的订单D1已由" in _received(box)[0]


@formats
def test_two_hundred_phones_are_one_request(form: str, cloopen: Build, box: Sandbox) -> None:
    phones = [f"+86139{n:08d}" for n in range(200)]
    cloopen(format=form).send(text(*phones))
    assert {message.phone for message in box.world.phones.messages()} >= set(phones)


@pytest.mark.parametrize("count", [0, 201])
def test_no_phone_or_too_many_is_the_callers_mistake(count: int, cloopen: Build) -> None:
    phones = [f"+86139{n:08d}" for n in range(count)]
    with pytest.raises(ValueError, match="1 to 200"):
        cloopen().send(Text(phones, "1", {"code": "1", "minutes": "5"}, uuid4().hex))


@formats
def test_an_extension_code_goes_along(form: str, cloopen: Build, box: Sandbox) -> None:
    cloopen(format=form, sub_append="8888").send(text())
    assert _received(box)


@pytest.mark.parametrize("extension", ["1", "12345", "abcd", " 888", "８８８８"])
def test_an_extension_code_has_four_digits(extension: str, cloopen: Build) -> None:
    with pytest.raises(ValueError, match="four digits"):
        cloopen(sub_append=extension)


def test_another_countrys_number_is_dialled_from_abroad(
    cloopen: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = cloopen()
    bodies: list[bytes] = []

    def post(*_: object, body: bytes, **__: object) -> bytes:
        bodies.append(body)
        return b'{"statusCode":"1"}'

    monkeypatch.setattr(provider, "_request", post)
    with pytest.raises(Exception, match="1"):
        provider.send(text("+85251234567"))
    assert b'"to": "0085251234567"' in bodies[0]


def test_connections_are_kept_alive(cloopen: Build) -> None:
    provider = cloopen()
    for _ in range(5):
        provider.send(text())
    pools = provider._session.adapters["http://"].poolmanager.pools  # type: ignore[attr-defined]
    (pool,) = (pools[key] for key in pools.keys())  # noqa: SIM118
    assert pool.num_connections == 1
    assert pool.num_requests == 5
