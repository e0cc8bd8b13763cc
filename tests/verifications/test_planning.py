"""What a worker does with what it has claimed: send, send again, put off, or give up."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone
from redis import Redis

from dadashop.caches import cache_of
from tests.conftest import Configure, wrong
from tests.live import free_port
from tests.verifications.platforms import SHIPPED, Fake
from verifications import codes, delivery
from verifications.exceptions import CodeIncorrect
from verifications.models import Message
from verifications.providers import base
from verifications.services import verify_code

pytestmark = pytest.mark.database

Queued = Callable[..., Message]
Travel = Callable[[float], None]


def _state(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.status, message.reason


def _code_of(message: Message) -> str:
    code = codes.code_of(message.challenge, 6)
    assert code
    return code


def test_what_is_too_old_is_not_sent(
    queued_notice: Queued, queued_code: Queued, first: Fake, travel: Travel
) -> None:
    messages = [queued_notice(), queued_code()]
    travel(3600)
    delivery.deliver([message.pk for message in messages])
    assert [_state(message) for message in messages] == [("expired", "expired")] * 2
    assert not first.texts


def test_what_is_too_old_keeps_the_reason_that_it_waited_for(
    queued_notice: Queued, first: Fake, second: Fake, travel: Travel
) -> None:
    message = queued_notice()
    first.error = second.error = base.Unreachable("HTTP 500")
    delivery.deliver([message.pk])
    assert _state(message) == ("queued", "second: HTTP 500")
    travel(3600)
    delivery.deliver([message.pk])
    assert _state(message) == ("expired", "second: HTTP 500")


def test_a_notice_waits_for_the_morning_and_a_code_does_not(
    queued_notice: Queued, queued_code: Queued, first: Fake, configure: Configure
) -> None:
    notice, code = queued_notice(), queued_code()
    now = timezone.localtime()
    hours = [f"{now:%H:%M}", f"{(now.hour + 1) % 24:02d}:{now.minute:02d}"]
    configure(QUIET_HOURS=hours)
    delivery.deliver([notice.pk, code.pk])
    assert _state(notice) == ("queued", "")
    assert 3500 < (notice.due_at - now).total_seconds() <= 3600
    assert _state(code) == ("sent", "")


def test_a_code_that_was_used_is_not_sent(queued_code: Queued, first: Fake) -> None:
    message = queued_code()
    verify_code(message.phone, "login", _code_of(message))
    delivery.deliver([message.pk])
    assert _state(message) == ("expired", "code is gone")
    assert not first.texts


def test_a_code_that_was_burnt_is_not_sent(queued_code: Queued, first: Fake) -> None:
    message = queued_code()
    for _ in range(5):
        with pytest.raises(CodeIncorrect):
            verify_code(message.phone, "login", wrong(_code_of(message)))
    delivery.deliver([message.pk])
    assert _state(message) == ("expired", "code is gone")


def test_a_code_that_redis_lost_is_not_sent(queued_code: Queued, first: Fake, redis: Redis) -> None:
    message = queued_code()
    redis.flushdb()
    delivery.deliver([message.pk])
    assert _state(message) == ("expired", "code is gone")


def test_while_redis_is_away_a_code_waits_and_a_notice_goes_out(
    queued_code: Queued,
    queued_notice: Queued,
    first: Fake,
    settings: LazySettings,
    configure: Configure,
    tmp_path: Path,
) -> None:
    code, notice = queued_code(), queued_notice()
    away = cache_of(f"redis://127.0.0.1:{free_port()}/0", tmp_path)
    settings.CACHES = {**settings.CACHES, str(tmp_path): away}
    configure(REDIS_ALIAS=str(tmp_path))
    delivery.deliver([code.pk, notice.pk])
    assert _state(code) == ("queued", "redis")
    assert 1 < (code.due_at - timezone.now()).total_seconds() <= 2
    assert _state(notice) == ("sent", "")
    configure(REDIS_ALIAS="default")
    delivery.deliver([code.pk])
    assert _state(code) == ("sent", "")


def test_a_text_whose_template_is_gone_fails(
    queued_notice: Queued, first: Fake, configure: Configure
) -> None:
    nameless, changed, elsewhere = (queued_notice(template=f"t{n}") for n in range(3))
    ids = {"first": "1"}
    configure(
        TEMPLATES={
            "t1": {"IDS": ids, "PARAMS": [*SHIPPED, "more"]},
            "t2": {"IDS": {"nobody": "1"}, "PARAMS": [*SHIPPED]},
        }
    )
    messages = [nameless, changed, elsewhere]
    delivery.deliver([message.pk for message in messages])
    assert [_state(message) for message in messages] == [("failed", "no template")] * 3


def test_a_template_that_asks_for_less_is_filled_all_the_same(
    queued_notice: Queued, first: Fake, configure: Configure
) -> None:
    message = queued_notice()
    configure(TEMPLATES={"shipped": {"IDS": {"first": "9"}, "PARAMS": ["number", "order"]}})
    delivery.deliver([message.pk])
    assert _state(message) == ("sent", "")
    assert list(first.texts[0].params.items()) == [("number", "SF1"), ("order", "D1001")]


def test_a_code_whose_secret_key_is_gone_is_not_sent(
    queued_code: Queued, first: Fake, settings: LazySettings
) -> None:
    message = queued_code()
    settings.SECRET_KEY = "another"
    delivery.deliver([message.pk])
    assert message.status == "queued"
    assert _state(message)[0] in ("expired", "failed")
    assert not first.texts


def test_notices_of_one_text_go_together_and_a_phone_never_twice_in_a_request(
    queued_notice: Queued, first: Fake, phone: str
) -> None:
    twice = f"+86{phone}"
    messages = [queued_notice(phone=twice), queued_notice(), queued_notice(phone=twice)]
    delivery.deliver([message.pk for message in messages])
    assert sorted(len(text.phones) for text in first.texts) == [1, 2]
    assert all(len(set(text.phones)) == len(text.phones) for text in first.texts)
    assert [_state(message) for message in messages] == [("sent", "")] * 3


def test_notices_of_different_texts_go_apart(queued_notice: Queued, first: Fake) -> None:
    messages = [queued_notice(params={**SHIPPED, "order": f"D{n}"}) for n in range(3)]
    delivery.deliver([message.pk for message in messages])
    sent = {text.params["order"]: [*text.phones] for text in first.texts}
    assert sent == {message.params["order"]: [message.phone] for message in messages}


def test_each_code_goes_alone(queued_code: Queued, first: Fake) -> None:
    messages = [queued_code() for _ in range(3)]
    delivery.deliver([message.pk for message in messages])
    sent = {text.phones[0]: text.params["code"] for text in first.texts}
    assert sent == {message.phone: _code_of(message) for message in messages}
