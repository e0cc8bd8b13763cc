"""No row is texted twice, however often its file is sent."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError

from tests.verifications.send_notices.conftest import HEADER, Send, texted
from verifications.models import IdempotencyKey
from verifications.providers import locmem

pytestmark = pytest.mark.django_db(transaction=True)  # texts leave after the commit


def test_the_same_file_again_sends_nothing(send: Send, phone: str) -> None:
    row = f"{phone},D1,顺丰,SF1"
    send(HEADER, row)
    code, out, _ = send(HEADER, row)
    assert (code, out) == (0, "0 queued, 1 sent before, 0 refused.\n")
    assert len(texted()) == 1


def test_a_mended_file_sends_what_was_mended(send: Send, new_phone: Callable[[], str]) -> None:
    good, mended = new_phone(), new_phone()
    send(HEADER, f"{good},D1,顺丰,SF1", f"{mended[:-1]},D1,顺丰,SF1")
    send(HEADER, f"+86 {good},D1,顺丰,SF1", f"{mended},D1,顺丰,SF1")
    assert texted() == [(f"+86{good}", "D1"), (f"+86{mended}", "D1")]


def test_a_phone_that_stands_twice_is_texted_once(send: Send, phone: str) -> None:
    send(HEADER, f"{phone},D1,顺丰,SF1", f"+86{phone},D1,顺丰,SF1", f"{phone},D2,顺丰,SF2")
    assert texted() == [(f"+86{phone}", "D1"), (f"+86{phone}", "D2")]


def test_the_same_rows_from_two_places_at_once(
    send: Send, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = IdempotencyKey.objects.bulk_create

    def twice(keys: Any) -> Any:
        rows = list(keys)
        create(rows)
        return create([IdempotencyKey(digest=row.digest, answer=[], expires_at=row.expires_at)
                       for row in rows])  # fmt: skip

    monkeypatch.setattr(IdempotencyKey.objects, "bulk_create", twice)
    with pytest.raises(CommandError, match="Somebody else is just sending the same rows"):
        send(HEADER, f"{phone},D1,顺丰,SF1")
    assert not locmem.outbox
