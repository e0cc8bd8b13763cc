"""Who may read, unmask, send again and cancel."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.dadashop import operators
from tests.dadashop.acts import act, confirmed, logged, pickup
from tests.dadashop.operators import PICKUPS, TEXTS
from tests.dadashop.texts import PHONE, text
from verifications.models import Message, PickupCode
from verifications.providers import locmem

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

READ = ("view_message", "view_pickupcode")
MATRIX: dict[tuple[str, ...] | None, tuple[int, ...]] = {
    # permissions: may read, unmask, resend, cancel a text, cancel a pickup code
    (): (0, 0, 0, 0, 0),
    READ: (1, 0, 0, 0, 0),
    ("unmask_phone", "resend_message", "cancel_message", "cancel_pickupcode"): (0, 0, 0, 0, 0),
    (*READ, "unmask_phone"): (1, 1, 0, 0, 0),
    (*READ, "resend_message"): (1, 0, 1, 0, 0),
    (*READ, "cancel_message"): (1, 0, 0, 1, 0),
    (*READ, "cancel_pickupcode"): (1, 0, 0, 0, 1),
    None: (1, 1, 1, 1, 1),  # a superuser
}


@pytest.mark.parametrize("permissions", MATRIX, ids=lambda names: "+".join(names or ["all"]))
def test_who_may_do_what(permissions: tuple[str, ...] | None, client: Client) -> None:
    one = operators.superuser() if permissions is None else operators.staff("one", *permissions)
    client.force_login(one)
    code, failed, waiting = pickup(), text(status="failed"), text()
    read, unmask, resend, cancel, cancel_code = map(bool, MATRIX[permissions])

    _does_read(client, read, code, failed)
    for row, where in ((failed, TEXTS), (code, PICKUPS)):
        shown = client.post(f"{where}{row.pk}/unmask/")
        assert shown.status_code == (200 if unmask else 403)
        assert (PHONE in shown.content.decode()) == unmask
    if read:
        _has_buttons(client, failed, unmask=unmask, resend=resend)
        _has_buttons(client, waiting, unmask=unmask, resend=False, cancel=cancel)
    confirmed(client, "resend", failed)
    assert (Message.objects.filter(kind="notice").count() == 3) == resend
    confirmed(client, "cancel", waiting)
    assert (Message.objects.get(pk=waiting.pk).status == "failed") == cancel
    confirmed(client, "cancel", code, where=PICKUPS)
    assert bool(PickupCode.objects.get().cancelled_at) == cancel_code
    assert len(logged()) == 2 * unmask + resend + cancel + cancel_code


def _does_read(client: Client, read: bool, code: PickupCode, message: Message) -> None:
    paths = [TEXTS, f"{TEXTS}{message.pk}/change/", f"{TEXTS}{message.pk}/history/"]
    paths += [PICKUPS, f"{PICKUPS}{code.pk}/change/", f"{PICKUPS}{code.pk}/history/"]
    for path in paths:
        assert client.get(path).status_code == (200 if read else 403), path


def _has_buttons(
    client: Client, message: Message, *, unmask: bool, resend: bool, cancel: bool = False
) -> None:
    page = client.get(f"{TEXTS}{message.pk}/change/").content.decode()
    assert ("/unmask/" in page) == unmask
    assert ('value="resend"' in page) == resend
    assert ('value="cancel"' in page) == cancel


def test_a_stranger_and_a_shopper(client: Client) -> None:
    message = text(status="failed")
    shopper = get_user_model().objects.create_user("shopper", is_superuser=True)
    for someone in (None, shopper):
        if someone:
            client.force_login(someone)
        for answer in (
            client.get(TEXTS),
            client.post(f"{TEXTS}{message.pk}/unmask/"),
            act(client, "resend", message, confirmed="yes"),
        ):
            assert (answer.status_code, "/admin/login/" in answer["Location"]) == (302, True)
    assert not locmem.outbox
