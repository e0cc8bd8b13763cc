"""What staff do in the admin: unmask, send again, cancel; who may, and what is written of it."""

import logging
import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.test import Client

from tests.dadashop import operators
from tests.dadashop.operators import PICKUPS, TEXTS
from tests.dadashop.texts import MASKED, PHONE, text
from verifications import claims
from verifications.models import Message, PickupCode
from verifications.providers import locmem
from verifications.services import issue_pickup_code

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

BARE = re.compile(r"138[- ]?0013[- ]?8000")


def _act(client: Client, action: str, *rows: Any, where: str = TEXTS, **more: str) -> Any:
    form: dict[str, Any] = {"action": action, "index": "0", **more}
    form["_selected_action"] = [str(row.pk) for row in rows]
    return client.post(f"{where}?days=all" if where == TEXTS else where, form)


def _confirmed(client: Client, action: str, *rows: Any, where: str = TEXTS) -> Any:
    answer = _act(client, action, *rows, where=where, confirmed="yes")
    return client.get(answer["Location"]) if answer.status_code == 302 else answer


def _logged() -> list[str]:
    return [entry.change_message for entry in LogEntry.objects.order_by("pk")]


def _pickup() -> PickupCode:
    issue_pickup_code(PHONE, "D1001")
    return PickupCode.objects.get()


def test_unmasking_is_written_down(operator: Client, caplog: pytest.LogCaptureFixture) -> None:
    message = text()
    url = f"{TEXTS}{message.pk}/unmask/"
    with caplog.at_level(logging.INFO):
        page = operator.post(url)
    assert page.status_code == 200
    assert PHONE in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (str(message.pk), "查看了完整手机号码。")
    assert entry.object_repr == f"notice {message.pk}"
    assert f"message {message.pk}: unmasked by operator {entry.user_id}" in caplog.text
    assert not BARE.search(caplog.text)
    assert "查看了完整手机号码。" in operator.get(f"{TEXTS}{message.pk}/history/").content.decode()
    assert PHONE not in operator.get(f"{TEXTS}{message.pk}/change/").content.decode()


def test_a_pickup_codes_phone_too(operator: Client, caplog: pytest.LogCaptureFixture) -> None:
    code = _pickup()
    assert PHONE not in operator.get(f"{PICKUPS}{code.pk}/change/").content.decode()
    with caplog.at_level(logging.INFO):
        assert PHONE in operator.post(f"{PICKUPS}{code.pk}/unmask/").content.decode()
    assert _logged() == ["查看了完整手机号码。"]
    assert f"pickupcode {code.pk}: unmasked by operator" in caplog.text
    assert not BARE.search(caplog.text)


def test_unmasking_takes_a_form_of_ours(operator: Client) -> None:
    message = text()
    url = f"{TEXTS}{message.pk}/unmask/"
    assert operator.get(url).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = operator.cookies
    assert strict.post(url).status_code == 403
    assert _logged() == []


def test_sending_again_asks_first(operator: Client) -> None:
    message, sent = text(status="failed"), text(status="delivered")
    page = _act(operator, "resend", message, sent).content.decode()
    assert MASKED in page
    for words in ("作为新短信发送。", "不必重发", "确认重发（1）", "黑名单、安静时段"):
        assert words in page
    assert not BARE.search(page)
    assert Message.objects.count() == 2
    assert _logged() == []


def test_sending_again(operator: Client) -> None:
    message = text(status="failed")
    page = _confirmed(operator, "resend", message)
    new = Message.objects.exclude(pk=message.pk).get()
    assert "已重发 1 条。" in page.content.decode()
    assert f'<a href="{TEXTS}{new.pk}/change/">查看新短信</a>' in page.content.decode()
    assert [one.phones for one in locmem.outbox] == [[PHONE]]
    assert _logged() == [f"重发 → {new.pk}"]
    again = _confirmed(operator, "resend", message)
    assert "已经重发过" in again.content.decode()
    assert len(locmem.outbox) == 1
    assert len(_logged()) == 1


def test_several_at_once(operator: Client) -> None:
    failed = [text(f"+861380013800{n}", status="failed") for n in range(3)]
    page = _confirmed(operator, "resend", *failed, text(status="sent"))
    assert "已重发 3 条。" in page.content.decode()
    assert "1 条没有处理：平台已受理或已送达，不必重发。" in page.content.decode()
    assert len(locmem.outbox) == 3


def test_a_login_code_has_no_button(operator: Client) -> None:
    message = text(kind="code", template="login", status="undelivered")
    page = operator.get(f"{TEXTS}{message.pk}/change/").content.decode()
    assert 'name="action"' not in page
    assert "验证码不能由工作人员重发" in page
    page = _act(operator, "resend", message).content.decode()
    assert "请顾客在页面上重新获取" in page
    assert "确认重发" not in page
    _confirmed(operator, "resend", message)
    assert Message.objects.count() == 1


def test_a_pickup_code_again(operator: Client, travel: Any) -> None:
    _pickup()
    travel(61)
    _confirmed(operator, "resend", Message.objects.get())
    first, second = (one.params["code"] for one in locmem.outbox)
    assert first == second
    assert _logged() == ["重发"]


def test_cancelling(operator: Client) -> None:
    waiting, held, sent = text(), text(), text(status="sent")
    claims.take([held.pk])
    page = _act(operator, "cancel", waiting, held, sent).content.decode()
    assert (page.count("已经来不及"), "确认取消发送（1）" in page) == (2, True)
    page = _confirmed(operator, "cancel", waiting, held, sent).content.decode()
    assert "已取消 1 条。" in page
    assert "2 条没有处理：已经来不及：已交给平台，或正在发送。" in page
    statuses = dict(Message.objects.values_list("pk", "status"))
    assert statuses == {waiting.pk: "failed", held.pk: "queued", sent.pk: "sent"}
    assert _logged() == ["取消发送"]


def test_one_that_was_sent_meanwhile(operator: Client) -> None:
    """Between the question and the answer."""
    message = text()
    assert "确认取消发送（1）" in _act(operator, "cancel", message).content.decode()
    claims.take([message.pk])
    assert "已经来不及" in _confirmed(operator, "cancel", message).content.decode()
    assert _logged() == []


def test_too_many_at_once(operator: Client) -> None:
    rows = [text() for _ in range(201)]
    answer = _act(operator, "cancel", rows[0], select_across="1", confirmed="yes")
    page = operator.get(answer["Location"])
    assert "一次最多处理 200 条" in page.content.decode()
    assert not Message.objects.filter(status="failed").exists()
    rows[0].delete()
    _act(operator, "cancel", rows[1], select_across="1", confirmed="yes")
    assert not Message.objects.filter(status="queued").exists()


def test_nothing_chosen(operator: Client) -> None:
    page = operator.post(TEXTS, {"action": "resend", "index": "0"}, follow=True)
    assert page.status_code == 200
    assert "confirmed" not in page.content.decode()


@pytest.mark.parametrize("where", [TEXTS, PICKUPS])
def test_a_button_leads_to_the_question(where: str, operator: Client) -> None:
    """Even of a text that the list would leave out."""
    row = _pickup() if where == PICKUPS else text(age=40 * 86_400)
    page = operator.get(f"{where}{row.pk}/change/").content.decode()
    (form,) = re.findall(r'<form method="post" action="([^"]+)">.{0,200}value="cancel"', page, re.S)
    answer = operator.post(
        form, {"action": "cancel", "index": "0", "_selected_action": [str(row.pk)]}
    )
    assert "（1）" in answer.content.decode()


def test_a_pickup_code_is_cancelled(operator: Client) -> None:
    code = _pickup()
    page = _act(operator, "cancel", code, where=PICKUPS).content.decode()
    assert "此码立即作废" in page
    page = _confirmed(operator, "cancel", code, where=PICKUPS).content.decode()
    assert "已取消 1 个提货码。" in page
    code.refresh_from_db()
    assert code.cancelled_at
    assert _logged() == ["取消提货码"]
    again = _confirmed(operator, "cancel", code, where=PICKUPS).content.decode()
    assert "1 条没有处理：已提货、已取消或已过期。" in again


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
    code, failed, waiting = _pickup(), text(status="failed"), text()
    read, unmask, resend, cancel, cancel_code = map(bool, MATRIX[permissions])

    _does_read(client, read, code, failed)
    for row, where in ((failed, TEXTS), (code, PICKUPS)):
        shown = client.post(f"{where}{row.pk}/unmask/")
        assert shown.status_code == (200 if unmask else 403)
        assert (PHONE in shown.content.decode()) == unmask
    if read:
        _has_buttons(client, failed, unmask=unmask, resend=resend)
        _has_buttons(client, waiting, unmask=unmask, resend=False, cancel=cancel)
    _confirmed(client, "resend", failed)
    assert (Message.objects.filter(kind="notice").count() == 3) == resend
    _confirmed(client, "cancel", waiting)
    assert (Message.objects.get(pk=waiting.pk).status == "failed") == cancel
    _confirmed(client, "cancel", code, where=PICKUPS)
    assert bool(PickupCode.objects.get().cancelled_at) == cancel_code
    assert len(_logged()) == 2 * unmask + resend + cancel + cancel_code


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
            _act(client, "resend", message, confirmed="yes"),
        ):
            assert (answer.status_code, "/admin/login/" in answer["Location"]) == (302, True)
    assert not locmem.outbox
