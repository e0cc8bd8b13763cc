"""docs/migration.md: what it tells to write works."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory

from tests.conftest import wrong
from tests.dadashop.mall import ROUTES
from tests.docs.pages import blocks, read
from verifications.models import VerifiedPhone

PAGE = read("docs/migration.md")
OLD, IMPORT, NEW = blocks(PAGE, "python")

pytestmark = pytest.mark.django_db


def test_the_old_views_can_be_read_and_what_they_need_is_deleted() -> None:
    compile(OLD, "old", "exec")
    deleted = PAGE.partition("## What to delete")[2]
    for name in ("sms_code_", "random.randint", "CCPRestSDK", "cache.set", "cache.get"):
        assert name in OLD
        assert name in deleted


def test_the_routes_are_the_malls() -> None:
    routes = PAGE.partition("## Let dadashop answer")[2].partition("1. Run it")[0]
    assert set(re.findall(r"(/v1/[\w/]+)`", routes)) == {*ROUTES, "/v1/users/me"}


def test_shoppers_are_brought_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = "username,phone\nann,138 0013 8000\nbob,13900139000\nbad,123\nann,13700137000\n"
    (tmp_path / "users.csv").write_text(table)
    monkeypatch.chdir(tmp_path)
    exec(IMPORT, {})
    found = VerifiedPhone.objects.order_by("phone").values_list("user__username", "phone")
    assert list(found) == [("ann", "+8613800138000"), ("bob", "+8613900139000")]
    assert capsys.readouterr().out == "bad invalid_phone\nann invalid_request\n"
    exec(IMPORT, {})
    assert VerifiedPhone.objects.count() == 2
    assert capsys.readouterr().out.count("already_registered") == 2


def test_the_new_views(rf: RequestFactory, phone: str, last_code: Callable[[], str]) -> None:
    made: list[str] = []

    def create_user(fields: dict[str, str], phone: str) -> Any:
        made.append(phone)
        return SimpleNamespace(username=fields["uname"])

    names: dict[str, Any] = {"create_user": create_user}
    exec(NEW, names)

    def post(view: str, **fields: str) -> Any:
        request = rf.post("/", json.dumps(fields), content_type="text/plain")
        return json.loads(names[view](request).content)

    assert post("sms_code", phone=phone) == {"code": 200, "data": {"resend_after": 60}}
    refused = post("sms_code", phone=phone)
    assert refused["code"] == 10113
    assert refused["error"]["retry_after"] in (59, 60)
    code = last_code()
    told = post("register", uname="ann", phone=phone, verify=wrong(code))
    assert told["error"]["message"] == "验证码不正确，还可以尝试 4 次。"
    assert post("register", uname="ann", phone=phone, verify=code)["username"] == "ann"
    assert post("register", uname="ann", phone=phone, verify=code)["code"] == 10113
    assert made == [phone]
