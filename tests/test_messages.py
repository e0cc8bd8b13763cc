"""Every word a shopper may read stands in the English catalogue, compiled from what it says now."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = {
    app: ROOT / app / "locale/en/LC_MESSAGES/django.po" for app in ("verifications", "dadashop")
}
_IN_TEMPLATE = re.compile(r'{% trans "(.*?)" %}')


def _used(app: str) -> set[str]:
    found = set()
    for path in (ROOT / app).rglob("*.py"):
        for _, message, _, _ in extract_from_file("python", path, keywords={"_": None}):
            found.add(str(message))
    for path in (ROOT / app).rglob("*.html"):
        found |= set(_IN_TEMPLATE.findall(path.read_text()))
    return found


def _translated(app: str) -> dict[str, str]:
    with CATALOGUES[app].open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and not m.fuzzy}


def test_every_message_is_translated_and_no_translation_is_left_over() -> None:
    everything = _translated("verifications") | _translated("dadashop")
    used = _used("verifications") | _used("dadashop")
    assert used == set(everything)
    assert all(everything.values())


@pytest.mark.parametrize("app", CATALOGUES)
def test_a_translation_keeps_the_places_to_fill(app: str) -> None:
    places = re.compile(r"%\(\w+\)\w|\{\w+\}")
    for source, english in _translated(app).items():
        assert sorted(places.findall(source)) == sorted(places.findall(english)), source


@pytest.mark.parametrize("app", CATALOGUES)
def test_the_compiled_catalogue_is_that_of_the_source(app: str) -> None:
    with CATALOGUES[app].with_suffix(".mo").open("rb") as file:
        compiled = {str(m.id): str(m.string) for m in read_mo(file) if m.id}
    assert compiled == _translated(app), "run `make messages`"
