"""CELERY_BROKER_URL: which brokers there are, and a clear word for what is none."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from dadashop.queues import transport_options


@pytest.mark.parametrize("url", ["redis://h/0", "rediss://h", "redis+socket:///p", None, ""])
def test_redis_gives_up_waiting_soon(url: str | None) -> None:
    assert transport_options(url)["socket_connect_timeout"] == 1


@pytest.mark.parametrize("url", ["amqp://h//", "amqps://h//"])
def test_rabbitmq_confirms_what_it_took(url: str) -> None:
    assert transport_options(url)["confirm_publish"] is True


@pytest.mark.parametrize("url", ["zz://x", "localhost", "http://user:secret@h"])
def test_what_is_no_broker_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CELERY_BROKER_URL") as refusal:
        transport_options(url)
    assert "secret" not in str(refusal.value)
