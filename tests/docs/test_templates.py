"""docs/templates.md: the texts there fit, and are what the settings ask for."""

import re
from typing import Any

import msgspec
import pytest

from sandbox.accounts import Template
from sandbox.phones import segments
from tests.docs.pages import blocks, quoted, read, rows
from tests.verifications.providers.test_origin import parsed
from verifications.conf import Conf
from verifications.conf import Template as Setting

PAGE = read("docs/templates.md")
TEXTS = {quoted(name)[0]: cells for name, *cells in rows(PAGE, "for")}
LINE = blocks(PAGE, "")[0].strip()
HOST = "mall.example.com"
EXAMPLE = {
    "code": "902817",
    "minutes": "5",
    "order": "D202607010001",
    "company": "顺丰速运",
    "number": "SF1234567890123",
    "until": "7月8日",
}
PARAMS = {"pickup_code": ("code", "order", "until"), "shipped": ("order", "company", "number")}


def _filled(name: str, text: str) -> str:
    longer = {"code": "90281735"} if name == "pickup_code" else {}
    return "【达达商城】" + text.format(**EXAMPLE | longer)


def test_every_purpose_has_one() -> None:
    assert [*TEXTS] == [*Conf().purposes, *PARAMS]


@pytest.mark.parametrize("name", TEXTS)
def test_its_places_are_those_of_the_settings(name: str) -> None:
    places = re.findall(r"\{(\w+)\}", TEXTS[name][0])
    assert tuple(places) == PARAMS.get(name, Setting(ids={}).params)


@pytest.mark.parametrize("name", TEXTS)
def test_its_characters_are_counted(name: str) -> None:
    text, alone, bound = TEXTS[name]
    filled = _filled(name, text)
    assert len(filled) == int(alone)
    assert segments(filled) == 1
    if bound:
        whole = f"{filled}\n{LINE.format(**EXAMPLE)}"
        assert len(whole) == int(bound)
        assert parsed(whole) == (HOST, EXAMPLE["code"])
        assert segments(whole) == 1


@pytest.mark.parametrize("name", TEXTS)
def test_a_phone_that_guesses_finds_the_code(name: str) -> None:
    filled = _filled(name, TEXTS[name][0])
    if "code" in PARAMS.get(name, ("code",)):
        assert re.findall(r"\d{4,}", filled)[0].startswith(EXAMPLE["code"])


def test_what_the_line_costs() -> None:
    bound = [int(cells[2]) for cells in TEXTS.values() if cells[2]]
    assert len(f"\n{LINE.format(**EXAMPLE)}") - len(HOST) == 10
    longest = 70 - (max(bound) - len(HOST))
    assert f"a host of up to {longest} nothing" in PAGE
    assert (segments("x" * 70), segments("x" * 71), segments("x" * 134)) == (1, 2, 2)


def test_each_platforms_way_to_write_it() -> None:
    """As the sandbox's platforms fill it."""
    lines = [quoted(line)[0] for _, line, _ in rows(PAGE, "platform")]
    for place, line in zip(("{1}", "${code}") * 2, lines, strict=True):
        written = Template("", "", f"x{place}", kind="code").bound(HOST)
        assert written.text == f"x{place}\n{line}"


def test_the_settings_are_settings() -> None:
    names: dict[str, Any] = {}
    exec(blocks(PAGE, "python")[0], names)
    made = msgspec.convert(names["VERIFICATIONS"], Conf)
    assert made.templates["shipped"].params == PARAMS["shipped"]
    assert made.templates["reset_password"].params == ("code", "minutes")
