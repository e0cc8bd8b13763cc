"""An operator at a browser without scripts: logs in, and follows where it is sent."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from verifications.models import Message

LOGIN = "/admin/login/"
LISTS = "/admin/verifications/listentry/"
TEXTS = "/admin/verifications/message/"
PICKUPS = "/admin/verifications/pickupcode/"
PASSWORD = "not-a-word-of-this-is-known"


def superuser(name: str = "operator") -> Any:
    return get_user_model().objects.create_superuser(name, password=PASSWORD)


def log_in(client: Client, password: str = PASSWORD, name: str = "operator", **meta: Any) -> Any:
    form = {"username": name, "password": password, "next": "/admin/"}
    return client.post(LOGIN, form, **meta)


def staff(name: str, *permissions: str) -> Any:
    """One of the staff with these permissions (of our app) alone."""
    user = get_user_model().objects.create_user(name, password=PASSWORD, is_staff=True)
    found = Permission.objects.filter(
        content_type__app_label="verifications", codename__in=permissions
    )
    assert found.count() == len(permissions)
    user.user_permissions.set(found)
    return user


def rows_of(page: Any) -> list[Any]:
    """What a list of the admin shows."""
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


def page_of(message: Message, client: Client) -> str:
    """With its story."""
    answer = client.get(f"{TEXTS}{message.pk}/change/")
    assert answer.status_code == 200
    content: str = answer.content.decode()
    return content
