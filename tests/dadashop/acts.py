"""What staff do in the admin, and what is written of it."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.test import Client

from tests.dadashop.operators import TEXTS
from tests.dadashop.texts import PHONE
from verifications.models import PickupCode
from verifications.services import issue_pickup_code


def act(client: Client, action: str, *rows: Any, where: str = TEXTS, **more: str) -> Any:
    """The page that asks whether it is meant."""
    form: dict[str, Any] = {"action": action, "index": "0", **more}
    form["_selected_action"] = [str(row.pk) for row in rows]
    return client.post(f"{where}?days=all" if where == TEXTS else where, form)


def confirmed(client: Client, action: str, *rows: Any, where: str = TEXTS) -> Any:
    """The page that says what was done."""
    answer = act(client, action, *rows, where=where, confirmed="yes")
    return client.get(answer["Location"]) if answer.status_code == 302 else answer


def logged() -> list[str]:
    """Oldest first."""
    return [entry.change_message for entry in LogEntry.objects.order_by("pk")]


def pickup() -> PickupCode:
    issue_pickup_code(PHONE, "D1001")
    return PickupCode.objects.get()
