"""`latency`: every answer of a platform leaves that much later, those of /sandbox/ do not."""

import time

import pytest

from sandbox import Sandbox
from sandbox.__main__ import main
from tests.sandbox.client import TIMEOUT, Client

LATENCY = 0.3


def seconds(client: Client, path: str = "") -> float:
    """How long a send takes, or a GET of the path."""
    start = time.monotonic()
    if path:
        client.session.get(client.box.url + path, timeout=TIMEOUT)
    else:
        client.send()
    return time.monotonic() - start


def test_answers_of_a_platform() -> None:
    with Sandbox(latency=LATENCY) as box:
        client = Client(box)
        assert LATENCY <= seconds(client) < LATENCY + 1
        client.fault("error", code="160000")
        assert LATENCY <= seconds(client) < LATENCY + 1


def test_answers_of_the_sandbox_on_the_same_connection() -> None:
    with Sandbox(latency=LATENCY) as box:
        client = Client(box)
        client.send()
        assert seconds(client, "/sandbox/messages") < LATENCY


def test_it_has_arrived_before_the_answer_leaves() -> None:
    with Sandbox(latency=600) as box:
        client = Client(box, timeout=0.2)
        with pytest.raises(OSError, match="timed out"):
            client.send()
        assert len(box.world.phones.messages()) == 1


@pytest.mark.parametrize("latency", [-0.1, 601, float("nan"), float("inf")])
def test_refused(latency: float) -> None:
    with pytest.raises(ValueError, match="latency"):
        Sandbox(latency=latency)


def test_refused_as_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "0", "--latency", "-1"]) == 1
    assert capsys.readouterr().err.startswith("sandbox: latency")
