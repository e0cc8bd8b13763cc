"""Entries of the lists: read as people write them, kept in one form, refused in clear words."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from verifications import entries, rules
from verifications.models import ListEntry

PHONES = ["13800138000", "138 0013-8000", "+86 138 0013 8000", "0086 13800138000"]
SEGMENTS = [
    ("170", "+86170"),
    ("1700", "+861700"),
    ("138 0013", "+861380013"),
    ("86170", "+86170"),
    ("+86 170", "+86170"),
    ("1380013800", "+861380013800"),
    ("+852", "+852"),
    ("00852", "+852"),
    ("+852-5123", "+8525123"),
    ("+1", "+1"),
]
ADDRESSES = [
    ("203.0.113.7", "203.0.113.7"),
    (" 203.0.113.7/32 ", "203.0.113.7"),
    ("203.0.113.7/24", "203.0.113.0/24"),
    ("0.0.0.0/0", "0.0.0.0/0"),
    ("2001:DB8:0::1", "2001:db8::1"),
    ("2001:db8::1/128", "2001:db8::1"),
    ("2001:db8::1/32", "2001:db8::/32"),
    ("::ffff:203.0.113.7", "203.0.113.7"),
    ("::ffff:203.0.113.7/120", "203.0.113.0/24"),
    ("::/0", "::/0"),
]
WRONG = [
    *[("phone", text) for text in ("170", "1380013800", "12345678901", "phone", "+8521", "１３８")],
    # Of 800, which no country has.
    ("phone", "+80012345678"),
    *[("segment", text) for text in ("17", "1", "123", "13800138000", "a", "852", "", "+86 17")],
    *[("segment", text) for text in ("+86", "+8", "+0", "+", "+999", "１７０", "+123456789012345")],
    *[("address", text) for text in ("203.0.113", "203.0.113.256", "203.0.113.0/33", "a.b", "")],
    *[("address", text) for text in ("2001:db8::/129", "13800138000", "fe80::1%eth0/64")],
]


@pytest.mark.parametrize("text", PHONES)
def test_a_phone(text: str) -> None:
    assert entries.canonical("phone", text) == "+8613800138000"


def test_a_phone_of_any_country() -> None:
    assert entries.canonical("phone", "+852 5123 4567") == "+85251234567"


@pytest.mark.parametrize(("text", "value"), SEGMENTS)
def test_a_segment(text: str, value: str) -> None:
    assert entries.canonical("segment", text) == value


@pytest.mark.parametrize(("text", "value"), ADDRESSES)
def test_an_address(text: str, value: str) -> None:
    assert entries.canonical("address", text) == value


@pytest.mark.parametrize("what", ["phone", "segment", "address"])
def test_the_one_form_is_read_as_itself(what: str) -> None:
    for _, value in {"phone": [("", "+8613800138000")], "segment": SEGMENTS}.get(what, ADDRESSES):
        assert entries.canonical(what, value) == value


@pytest.mark.parametrize(("what", "text"), WRONG)
def test_what_is_none_of_these_is_refused(what: str, text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        entries.canonical(what, text)
    (words,) = refusal.value.messages
    assert "例如" in words  # what to write instead


def test_the_form_names_the_field() -> None:
    with pytest.raises(ValidationError) as refusal:
        ListEntry(what="segment", value="17").full_clean()
    assert list(refusal.value.message_dict) == ["value"]


@pytest.mark.parametrize("change", [{"value": ""}, {"what": "email"}, {"list": "grey"}])
def test_a_field_that_is_wrong_by_itself(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refusal:
        ListEntry(**{"what": "segment", "value": "170", **change}).full_clean()
    assert list(refusal.value.message_dict) == list(change)


def test_the_same_entry_twice_is_refused_however_it_is_written() -> None:
    ListEntry.objects.create(what="phone", value="13800138000")
    with pytest.raises(ValidationError) as refusal:
        ListEntry(what="phone", value="+86 138 0013 8000").full_clean()
    assert refusal.value.messages == ["名单里已经有这一条了，请直接修改原有的一条。"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ListEntry.objects.create(what="phone", value="138 0013 8000")
    ListEntry.objects.create(list="allow", what="phone", value="138 0013 8000")


def test_every_way_of_saving_keeps_the_one_form() -> None:
    saved = ListEntry.objects.create(what="segment", value="170")
    (bulk,) = ListEntry.objects.bulk_create([ListEntry(what="segment", value="171")])
    assert (saved.value, bulk.value) == ("+86170", "+86171")
    saved.value, bulk.value = "1700", "1710"
    saved.save(update_fields=["value"])
    ListEntry.objects.bulk_update([bulk], ["value"])
    assert set(ListEntry.objects.values_list("value", flat=True)) == {"+861700", "+861710"}


@pytest.mark.parametrize(("what", "text"), WRONG)
def test_nothing_that_would_never_match_is_saved(what: str, text: str) -> None:
    with pytest.raises(ValidationError):
        ListEntry.objects.create(what=what, value=text)
    with pytest.raises(ValidationError):
        ListEntry.objects.bulk_create([ListEntry(what=what, value=text)])


def test_its_name_hides_the_phone() -> None:
    phone = ListEntry.objects.create(what="phone", value="13800138000")
    segment = ListEntry.objects.create(list="allow", what="segment", value="170")
    assert (str(phone), str(segment)) == ("黑名单 138****8000", "白名单 170")


def test_the_segments_of_virtual_operators(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("block_virtual_operators")
    assert rules.get().of_phone("+8617012345678") == "block"
    assert rules.get().of_phone("+8613812345678") is None
    assert capsys.readouterr().out.count("  blocked\n") == 5
    call_command("block_virtual_operators")
    assert capsys.readouterr().out.count("already") == 5
    assert ListEntry.objects.count() == 5
