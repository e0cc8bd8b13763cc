"""docs/dashboard.md says what the dashboard does."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command

from tests.docs.pages import blocks, read, rows
from tests.docs.typed import has_options
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


@pytest.mark.django_db(transaction=True)
def test_texts_of_before_are_summed_up() -> None:
    python, manage, *command = blocks(PAGE, "sh")[0].split()
    assert (python, manage) == ("python", "manage.py")
    call_command(*command)


def test_the_benchmark_measures_what_is_shown() -> None:
    """tests/benchmarks/test_dashboard.py runs it, for fewer texts."""
    has_options(blocks(PAGE, "sh")[1])
    shown = re.findall(r"^(?:page|(?:1|90) d): .*?(?=  )", blocks(PAGE, "")[0], re.MULTILINE)
    panels = ["tiles", *(name for name, *_ in dashboard._PANELS)]
    pages = re.findall(r'"(page: [^"]+)"', read("benchmarks/dashboard.py"))
    assert shown == [*(f"{days} d: {panel}" for days in (1, 90) for panel in panels), *pages]


def test_no_panel_took_longer_than_it_may() -> None:
    (bound,) = re.findall(r"No panel may take longer than (\d+) ms", PAGE)
    took = re.findall(r"^(?:1|90) d: \w+ +\d+ +([\d.]+)$", blocks(PAGE, "")[0], re.MULTILINE)
    assert took
    assert max(map(float, took)) <= int(bound)


def test_the_plans_are_of_the_sums_alone() -> None:
    for plan in blocks(PAGE, "")[1:]:
        scanned = re.findall(r"Scan on (\w+)", plan)
        assert {*scanned} <= {"verifications_hourlycount", "hourly_count_once"}
        assert scanned
