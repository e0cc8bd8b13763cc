"""Operators themselves: their accounts, their passwords, their groups."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from tests.dadashop import operators
from tests.dadashop.operators import PASSWORD
from tests.docs.pages import quoted, read, rows
from verifications.management.commands.make_groups import GROUPS

pytestmark = pytest.mark.django_db

USERS = "/admin/auth/user/"


def _form(password: str, name: str = "clerk") -> dict[str, str]:
    both = {"password1": password, "password2": password}
    return {"username": name, "usable_password": "true", **both}


def test_a_new_operator_may_log_in(operator: Client) -> None:
    operator.post(f"{USERS}add/", _form(PASSWORD))
    clerk = get_user_model().objects.get(username="clerk")
    assert (clerk.is_staff, clerk.is_superuser) == (True, False)
    assert operators.log_in(Client(), name="clerk").status_code == 302


@pytest.mark.parametrize("password", ["short-one11", "123456789012345", "q1w2e3r4t5y6"])
def test_a_password_that_is_easily_guessed(password: str, operator: Client) -> None:
    page = operator.post(f"{USERS}add/", _form(password))
    assert page.status_code == 200
    assert page.context["adminform"].form.errors.get("password2")
    assert not get_user_model().objects.filter(username="clerk").exists()


def test_nobody_takes_a_worse_one_later(operator: Client) -> None:
    one = get_user_model().objects.get()
    both = {"new_password1": "123456", "new_password2": "123456"}
    answer = operator.post("/admin/password_change/", {"old_password": PASSWORD, **both})
    assert "new_password2" in answer.context["form"].errors
    form = {"usable_password": "true", "password1": "123456", "password2": "123456"}
    answer = operator.post(f"{USERS}{one.pk}/password/", form)
    assert "password2" in answer.context["form"].errors


def test_shoppers_are_not_among_them(operator: Client) -> None:
    """The mall lets a shopper choose any name, so it may be a phone."""
    shopper = get_user_model().objects.create_user("13800138000", password=PASSWORD)
    page = operator.get(USERS)
    assert [one.username for one in page.context["cl"].result_list] == ["operator"]
    for path in (f"{shopper.pk}/change/", f"{shopper.pk}/password/", f"{shopper.pk}/history/"):
        assert operator.get(USERS + path).status_code in (302, 404)
    assert "13800138000" not in operator.get(f"{USERS}?q=138").content.decode().replace(
        'value="138"', ""
    )


def test_who_leaves_is_switched_off_and_never_deleted(operator: Client) -> None:
    clerk = operators.staff("clerk")
    assert operator.get(f"{USERS}{clerk.pk}/delete/").status_code == 403
    form: dict[str, Any] = {"username": "clerk", "first_name": "", "last_name": ""}
    assert operator.post(f"{USERS}{clerk.pk}/change/", form).status_code == 302
    clerk.refresh_from_db()
    assert (clerk.is_active, clerk.is_staff) == (False, True)
    assert operators.log_in(Client(), name="clerk").status_code == 200


def test_the_groups_are_as_documented() -> None:
    table = rows(read("docs/operations.md"), "group")
    documented = {quoted(name)[0]: quoted(permissions) for name, _who, permissions in table}
    assert list(documented) == list(GROUPS)
    before: list[str] = []
    for name, permissions in documented.items():
        assert sorted([*before, *permissions]) == sorted(GROUPS[name])
        before = [*GROUPS[name]]


def test_the_groups_are_made_and_keep_what_they_have() -> None:
    said = StringIO()
    call_command("make_groups", stdout=said)
    assert said.getvalue().splitlines() == [
        f"{name:<9} {len(permissions)} permissions, new" for name, permissions in GROUPS.items()
    ]
    reader = Group.objects.get(name="reader")
    reader.permissions.set(Group.objects.get(name="operator").permissions.all())
    call_command("make_groups", stdout=StringIO())
    assert reader.permissions.count() == len(GROUPS["operator"])


@pytest.mark.parametrize("name", GROUPS)
def test_whoever_is_in_a_group_may_do_what_it_says(name: str, client: Client) -> None:
    call_command("make_groups", stdout=StringIO())
    one = operators.staff("one")
    one.groups.add(Group.objects.get(name=name))
    held = {permission.removeprefix("verifications.") for permission in one.get_all_permissions()}
    assert held == set(GROUPS[name])
    client.force_login(one)
    assert client.get(operators.TEXTS).status_code == 200
    assert client.get(f"{operators.LISTS}add/").status_code == (200 if name == "operator" else 403)
    assert client.get(USERS).status_code == 403
