"""Budgets as operators write them: what is refused, and how soon the others go by them."""

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from verifications import budgets, rules
from verifications.models import Budget


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"scope": "clopen", "daily": 1}, "scope", "没有名为“clopen”的平台"),
        ({"scope": ""}, "__all__", "请至少填写一项预算"),
        ({"hourly": -1}, "hourly", "0"),
        ({"daily": "0.001"}, "daily", "小数"),
        ({"daily": "100000000"}, "daily", "8"),
        ({"hourly": 2, "daily": 1}, "hourly", "每小时预算不能超过每日预算"),
    ],
)
def test_a_wrong_one_is_refused_in_words(fields: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Budget(**fields).full_clean()
    assert list(refusal.value.message_dict) == [field]
    assert words in refusal.value.message_dict[field][0]


@pytest.mark.parametrize(
    "fields",
    [
        {"hourly": 0},
        {"daily": "99999999.99"},
        {"scope": "cloopen", "hourly": "0.05", "daily": "0.05"},
    ],
)
def test_a_right_one_is_taken(fields: dict[str, Any]) -> None:
    Budget(**fields).full_clean()


@pytest.mark.parametrize("scope", ["", "cloopen"])
def test_each_platform_has_one(scope: str) -> None:
    Budget.objects.create(scope=scope, daily=1)
    with pytest.raises(ValidationError, match="已经有预算了"):
        Budget(scope=scope, daily=2).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.create(scope=scope, daily=2)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Budget.objects.create(scope="cloopen", daily=5),
        lambda: Budget.objects.update(daily=7),
        lambda: Budget.objects.get().delete(),
    ],
    ids=["one more", "changed", "deleted"],
)
def test_any_change_is_in_force_within_a_second(
    change: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(rules, "time", SimpleNamespace(monotonic=lambda: now))
    Budget.objects.create(hourly=1, daily=Decimal("2.50"))
    before = rules.get().budgets
    assert before == {"": (Decimal(1), Decimal("2.50"))}
    change()
    now += 1.1
    there = Budget.objects.values_list("scope", "hourly", "daily")
    after = {scope: (hourly, daily) for scope, hourly, daily in there}
    assert rules.get().budgets == after != before


def test_an_operator_sets_one_on_its_page(admin_client: Client) -> None:
    page = "/admin/verifications/budget/"
    answer = admin_client.post(f"{page}add/", {"scope": "", "hourly": "0.05", "daily": ""})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert budgets.take("cloopen", 2).texts == 1
    assert "所有平台" in admin_client.get(page).content.decode()
    refused = admin_client.post(f"{page}add/", {"scope": "", "hourly": "", "daily": "1"})
    assert "这个平台已经有预算了" in refused.content.decode()
