"""The lists in the admin: what is entered is in force, and no phone goes where none belongs."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from tests.dadashop.operators import LISTS
from verifications import rules
from verifications.models import ListEntry

PHONE, MASKED = "13800138000", "138****8000"
BARE = re.compile(r"138[- ]?0013[- ]?8000")


def _form(**changed: str) -> dict[str, str]:
    blank = {"note": "", "expires_at_0": "", "expires_at_1": ""}
    return {"list": "block", "what": "phone", "value": PHONE, **blank, **changed}


def _rows(page: Any) -> list[str]:
    return [entry.shown for entry in page.context["cl"].result_list]


def _fields(page: Any) -> dict[str, list[str]]:
    return dict(page.context["adminform"].form.errors)


@pytest.fixture
def entries(db: None) -> list[ListEntry]:
    over = timezone.now() - timedelta(seconds=1)
    return ListEntry.objects.bulk_create(
        [
            ListEntry(what="phone", value=PHONE, note="骚扰"),
            ListEntry(what="phone", value="13900139000", expires_at=over),
            ListEntry(what="segment", value="170"),
            ListEntry(list="allow", what="address", value="203.0.113.0/24"),
        ]
    )


def test_an_entry_is_in_force(operator: Client) -> None:
    answer = operator.post(f"{LISTS}add/", _form(value="138 0013 8000"))
    assert (answer.status_code, answer["Location"]) == (302, LISTS)
    assert rules.get().of_phone(f"+86{PHONE}") == "block"


def test_it_ends_when_the_operator_says_so(
    operator: Client, travel: Callable[[float], None]
) -> None:
    end = timezone.localtime() + timedelta(hours=1)
    when = {"expires_at_0": end.strftime("%Y-%m-%d"), "expires_at_1": end.strftime("%H:%M:%S")}
    operator.post(f"{LISTS}add/", _form(**when))
    assert rules.get().of_phone(f"+86{PHONE}") == "block"
    travel(3600)
    assert rules.get().of_phone(f"+86{PHONE}") is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"value": "1380013800"}, "不是有效的手机号码。"),
        ({"what": "segment", "value": "17"}, "不是有效的号段。"),
        ({"what": "address", "value": "203.0.113"}, "不是有效的 IP 地址或网段。"),
        ({"value": ""}, "必填"),
    ],
)
def test_a_mistake_is_told_at_its_field(
    operator: Client, changed: dict[str, str], words: str
) -> None:
    page = operator.post(f"{LISTS}add/", _form(**changed))
    ((name, errors),) = _fields(page).items()
    assert name == "value"
    assert words in errors[0]
    assert not ListEntry.objects.exists()


def test_the_same_entry_again(operator: Client, entries: list[ListEntry]) -> None:
    page = operator.post(f"{LISTS}add/", _form(value=f"+86 {PHONE}"))
    assert _fields(page) == {"__all__": ["名单里已经有这一条了，请直接修改原有的一条。"]}
    assert ListEntry.objects.count() == len(entries)


def test_changing_and_deleting(operator: Client) -> None:
    operator.post(f"{LISTS}add/", _form())
    entry = ListEntry.objects.get()
    operator.post(f"{LISTS}{entry.pk}/change/", _form(list="allow"))
    rules.forget()
    assert rules.get().of_phone(f"+86{PHONE}") == "allow"
    operator.post(f"{LISTS}{entry.pk}/delete/", {"post": "yes"})
    rules.forget()
    assert rules.get().of_phone(f"+86{PHONE}") is None


def test_many_are_deleted_at_once(operator: Client, entries: list[ListEntry]) -> None:
    assert rules.get().of_phone(f"+86{PHONE}") == "block"
    chosen = [str(entry.pk) for entry in ListEntry.objects.filter(what="phone")]
    form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    operator.post(LISTS, form)
    assert set(ListEntry.objects.values_list("what", flat=True)) == {"segment", "address"}


def test_no_phone_is_shown_but_in_its_own_form(operator: Client) -> None:
    added = operator.post(f"{LISTS}add/", _form(), follow=True)
    pk = ListEntry.objects.get().pk
    changed = operator.post(f"{LISTS}{pk}/change/", _form(note="x"), follow=True)
    asked = operator.get(f"{LISTS}{pk}/delete/")
    history = operator.get(f"{LISTS}{pk}/history/")
    many = {"action": "delete_selected", "_selected_action": [str(pk)]}
    for page in (added, changed, asked, history, operator.post(LISTS, many)):
        assert page.status_code == 200
        assert MASKED in page.content.decode()
        assert not BARE.search(page.content.decode())
    operator.post(f"{LISTS}{pk}/delete/", {"post": "yes"})
    assert not BARE.search(operator.get("/admin/").content.decode())
    assert PHONE in operator.post(f"{LISTS}add/", _form(note="x" * 201)).content.decode()


def test_the_log_of_changes_names_no_phone(operator: Client) -> None:
    operator.post(f"{LISTS}add/", _form())
    pk = ListEntry.objects.get().pk
    operator.post(f"{LISTS}{pk}/change/", _form(value="13900139000"))
    operator.post(f"{LISTS}{pk}/delete/", {"post": "yes"})
    logged = [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert len(logged) == 3
    assert all("****" in words and not re.search(r"\d{8}", words) for words in logged)


def _search(operator: Client, term: str, where: str = LISTS) -> Any:
    answer = operator.post(where, {"q": term})
    assert answer.status_code == 302
    assert not BARE.search(answer["Location"])
    return operator.get(LISTS + answer["Location"])


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (PHONE, [MASKED]),
        ("+86 138-0013-8000", [MASKED]),
        ("17012345678", ["170"]),  # why this phone gets no texts
        ("138", [MASKED]),
        ("骚扰", [MASKED]),
        ("203.0.113", ["203.0.113.0/24"]),
        ("13812345678", []),
    ],
)
def test_a_search(term: str, found: list[str], operator: Client, entries: list[ListEntry]) -> None:
    assert _rows(_search(operator, term)) == found


def test_a_searched_phone_is_in_no_url(operator: Client, entries: list[ListEntry]) -> None:
    page = _search(operator, PHONE, where=f"{LISTS}?what__exact=phone&p=1")
    assert page.context["cl"].term == PHONE  # still in its field
    links = re.findall(r'(?:href|action)="([^"]*)"', page.content.decode())
    assert any("q=" in link and "valid=" in link for link in links)  # the search is kept on,
    assert any("what__exact=phone" in link for link in links)  # and the filter
    assert not any(BARE.search(link) for link in links)


def test_an_empty_search_is_all(operator: Client, entries: list[ListEntry]) -> None:
    assert len(_rows(_search(operator, "  "))) == len(entries)


def test_the_last_twenty_searches_are_kept(operator: Client) -> None:
    for number in range(25):
        _search(operator, str(number))
    assert len(operator.session["verifications.searches"]) == 20


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("list__exact=allow", ["203.0.113.0/24"]),
        ("what__exact=segment", ["170"]),
        ("valid=0", ["139****9000"]),
        ("valid=1", ["203.0.113.0/24", "170", MASKED]),
    ],
)
def test_a_filter(query: str, found: list[str], operator: Client, entries: list[ListEntry]) -> None:
    assert _rows(operator.get(f"{LISTS}?{query}")) == found
