"""docs/dashboard.md says what the dashboard does."""

from datetime import timedelta

from tests.docs.pages import read, rows
from verifications import phones, rollups, tally
from verifications.admin import dashboard
from verifications.models.rollups import ANSWER_MS, ARRIVAL_S

PAGE = read("docs/dashboard.md")


def test_its_words_are_those_of_the_page() -> None:
    shown = read("verifications/admin/tables.py") + read("verifications/admin/dashboard.py")
    for words, _ in rows(PAGE, "on the page"):
        assert all(word in shown for word in words.split(", ")), words


def test_its_numbers_are_those_of_the_code() -> None:
    assert (ANSWER_MS[0], ANSWER_MS[-1]) == (10, 10_000)
    assert (ARRIVAL_S[0], ARRIVAL_S[-1]) == (1, 6 * 3600)
    assert "(10 ms to 10 s, 1 s to 6 h)" in PAGE
    assert f"虚拟运营商 are {', '.join(phones.VIRTUAL_OPERATORS[:-1])} and 171" in PAGE
    assert timedelta(days=365) == rollups.KEPT
    assert timedelta(minutes=10) == dashboard._STALE
    assert tally.KEPT_HOURS == rollups._REPORTS == 72
    assert "\nWAIT = 2.0 " in read("verifications/tally.py")
    assert rollups._MOST_CODES == 100
