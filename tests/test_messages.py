"""Every word a shopper may read stands in the English catalogue, compiled from what it says now,
and is said as one would say it to a shopper: what has happened, and what to do next."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils import translation

from dadashop import mall
from verifications import exceptions
from verifications.exceptions import RateLimited, VerificationError

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = {
    app: ROOT / app / "locale/en/LC_MESSAGES/django.po" for app in ("verifications", "dadashop")
}
_IN_TEMPLATE = re.compile(r"""{% (?:trans|translate) (?:"(.*?)"|'(.*?)')""")
_KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}
_PLACE = re.compile(r"%\(\w+\)\w|\{\w+\}")


def _used(app: str) -> set[str]:
    found = set()
    for path in (ROOT / app).rglob("*.py"):
        for _, message, _, _ in extract_from_file("python", path, keywords=_KEYWORDS):
            found.add(_first(message))
    for path in (ROOT / app).rglob("*.html"):
        words = {double or single for double, single in _IN_TEMPLATE.findall(path.read_text())}
        # What is in English there is Django's, which translates it.
        found |= {word for word in words if not word.isascii()}
    return found


def _first(message: Any) -> str:
    """The singular, where there are two."""
    return message[0] if isinstance(message, tuple | list) else str(message)


def _translated(app: str) -> dict[str, tuple[str, ...]]:
    with CATALOGUES[app].open("rb") as file:
        return {_first(m.id): _forms(m.string) for m in read_po(file) if m.id and not m.fuzzy}


def _forms(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (str(string),)


def test_every_message_is_translated_and_no_translation_is_left_over() -> None:
    everything = _translated("verifications") | _translated("dadashop")
    used = _used("verifications") | _used("dadashop")
    assert used == set(everything)
    assert all(all(forms) for forms in everything.values())


@pytest.mark.parametrize("app", CATALOGUES)
def test_no_translation_is_a_guess(app: str) -> None:
    with CATALOGUES[app].open("rb") as file:
        assert not [message.id for message in read_po(file) if message.fuzzy and message.id]


@pytest.mark.parametrize("app", CATALOGUES)
def test_a_translation_keeps_the_places_to_fill(app: str) -> None:
    for source, forms in _translated(app).items():
        for english in forms:
            assert sorted(_PLACE.findall(source)) == sorted(_PLACE.findall(english)), source


@pytest.mark.parametrize("app", CATALOGUES)
def test_the_compiled_catalogue_is_that_of_the_source(app: str) -> None:
    with CATALOGUES[app].with_suffix(".mo").open("rb") as file:
        compiled = {_first(m.id): _forms(m.string) for m in read_mo(file) if m.id}
    assert compiled == _translated(app), "run `make messages`"


# What tells a shopper what to do next.
_NEXT = re.compile("请|可以尝试")
_NEXT_ENGLISH = re.compile(r"\b(?:[Pp]lease|[Tt]ries left|[Tt]ry again)\b")
_JARGON = re.compile(
    r"HTTP|JSON|token|Redis|API|\bID\b|Cookie|\bIP\b|参数|接口|服务器|异常|超时|无效|非法|失败次数"
    r"|request|server|invalid|illegal|error|parameter|timeout|code \d",
    re.IGNORECASE,
)
_BLAME = re.compile(
    "您输错|你输错|非法|恶意|禁止|不允许|[Yy]ou (?:entered|typed|failed|must|may not)"
)


def _in(module: Any, function: str = "") -> Iterator[str]:
    """The messages of a module, or of one of its functions."""
    tree = ast.parse(Path(module.__file__).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            tree = ast.Module([node], [])
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            yield ast.literal_eval(node.args[0])


def _told() -> list[str]:
    """All refusals and what else an API's answer may tell a shopper; the parts of a time aside."""
    from verifications import accounts, problems

    found = [*_in(exceptions), *_in(mall), *_in(accounts), *_in(problems, "plain")]
    return sorted(set(found))


TOLD = _told()
EVERY_WORD = pytest.mark.parametrize("chinese", TOLD)


def test_the_refusals_are_among_them() -> None:
    with translation.override(None):
        assert {str(one.default_message) for one in VerificationError.__subclasses__()} <= {
            *TOLD,
            *_used("dadashop"),
        }
    assert len(TOLD) >= 30


@EVERY_WORD
def test_it_is_good_chinese(chinese: str) -> None:
    words = _PLACE.sub("8", chinese)
    assert _NEXT.search(words), "what is the shopper to do?"
    assert words.endswith("。")
    assert len(words) <= 40
    assert not re.search(r"[,.;:!?()！…]", words), "full-width, and calm"
    assert not re.search(r"手机号码|校验码|动态码|短信码|人机", words), "one name for one thing"
    assert not re.search("你(?!们)", words), "您, if at all"
    assert not _JARGON.search(words.replace("用户名", ""))
    assert not _BLAME.search(words)
    for place in re.findall(r"[\u4e00-\u9fff]\d|\d[\u4e00-\u9fff]", words):
        assert place in {"8后"}, "a blank between a number and a word"


def test_the_pages_have_the_same_name_for_it() -> None:
    pages = [*(ROOT / "dadashop").rglob("*.js"), *(ROOT / "dadashop").rglob("*.html")]
    assert pages
    assert not [page.name for page in pages if "手机号码" in page.read_text()]


@EVERY_WORD
def test_it_is_good_english(chinese: str) -> None:
    with translation.override("en"):
        english = translation.gettext(chinese)
    assert english != chinese
    words = _PLACE.sub("8", english)
    assert _NEXT_ENGLISH.search(words), "what is the shopper to do?"
    assert words.endswith(".")
    assert len(words) <= 120
    assert words[0].isupper()
    assert not re.search(r" [A-Z](?!\w)| (?!I\b)[A-Z][a-z]+", re.sub(r"[.:] [A-Z]", ". x", words))
    assert not re.search("[！!\u3000-\u9fff]", words)
    assert not _JARGON.search(words)
    assert not _BLAME.search(words)


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (1, "1 秒", "1 second"),
        (119, "119 秒", "119 seconds"),
        (121, "3 分钟", "3 minutes"),
        (7200, "2 小时", "2 hours"),
        (90_000, "25 小时", "25 hours"),
    ],
)
def test_a_time_is_said_in_words(seconds: int, chinese: str, english: str) -> None:
    refusal = RateLimited("phone", seconds)
    with translation.override("zh-hans"):
        assert f"请在 {chinese}后再试。" in refusal.message
    with translation.override("en"):
        assert f"in {english}." in refusal.message


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_place_is_left_unfilled(language: str) -> None:
    extras: dict[str, Any] = {"errors": [], "limit": "global", "attempts_left": 0, "retry_after": 5}
    with translation.override(language):
        for kind in VerificationError.__subclasses__():
            refusal = kind.__new__(kind)
            VerificationError.__init__(refusal, **extras)
            assert not re.search(r"[%{}]", refusal.message)
