"""What workers count is seen: at the web's /metrics where they share a directory with it, else at
a port of their own."""

from collections.abc import Iterator

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.live import free_port
from tests.queue.stack import Stack
from tests.until import until

pytestmark = pytest.mark.live


def _sample(url: str, name: str, **labels: str) -> float:
    text = requests.get(url, timeout=10).text
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def test_the_web_shows_what_the_workers_count(stack: Stack, phone: str) -> None:
    url, tries = f"{stack.url}/metrics", "verifications_provider_duration_seconds_count"
    tasks = "verifications_task_duration_seconds_count"
    sends = "verifications_sends_total"
    tried = _sample(url, tries, provider="cloopen", outcome="sent")
    done = _sample(url, tasks, task="collect", outcome="ok")
    sent = _sample(url, sends, purpose="login", outcome="ok")
    answer = stack.send(phone)
    until(lambda: stack.status(answer.json()["id"]) == "delivered")
    # What another test of this stack left in the queue may be delivered meanwhile, too.
    until(lambda: _sample(url, tries, provider="cloopen", outcome="sent") > tried)
    until(lambda: _sample(url, tasks, task="collect", outcome="ok") > done)
    assert _sample(url, sends, purpose="login", outcome="ok") == sent + 1
    assert _sample(url, "verifications_redis_up") == 1
    assert _sample(url, "verifications_database_up") == 1
    until(lambda: _sample(url, tasks, task="sweep", outcome="ok") > 0)


@pytest.fixture
def port(stack: Stack) -> Iterator[int]:
    """Of a worker that shares no directory with the web."""
    stack.end("worker-codes")
    directory = stack.environment.pop("PROMETHEUS_MULTIPROC_DIR")
    stack.environment["DADASHOP_WORKER_METRICS_PORT"] = str(port := free_port())
    stack.run("worker-codes")
    yield port
    stack.end("worker-codes")
    del stack.environment["DADASHOP_WORKER_METRICS_PORT"]
    stack.environment["PROMETHEUS_MULTIPROC_DIR"] = directory
    stack.run("worker-codes")


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


def test_a_worker_has_a_port_of_its_own(stack: Stack, phone: str, port: int) -> None:
    url = f"http://127.0.0.1:{port}/metrics"
    until(lambda: _answers(url))
    stack.send(phone)
    until(lambda: _sample(url, "verifications_task_duration_seconds_count", task="collect") >= 1)
    tries = "verifications_provider_duration_seconds_count"
    until(lambda: _sample(url, tries, provider="cloopen", outcome="sent") >= 1)
