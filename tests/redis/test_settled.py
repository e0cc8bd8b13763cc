"""A right code passes once replicas know that it is used, so whoever takes over knows, too."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.conftest import Configure, wrong
from tests.redis.clusters import Cluster
from verifications import checkup
from verifications.exceptions import CodeExpired, CodeIncorrect, Unavailable
from verifications.services import Proof, exchange_code, redeem_proof, send_code, verify_code

pytestmark = [pytest.mark.live, pytest.mark.django_db]

LastCode = Callable[[], str]


@contextmanager
def _silent_replicas(nodes: Cluster) -> Iterator[None]:
    """Those of our slot's master take nothing in."""
    master = nodes.master()
    with ExitStack() as stack:
        for node in nodes.nodes:
            if node.follows(master):
                stack.enter_context(node.frozen())
        yield


def _replicas() -> str:
    """What the doctor says of them."""
    check = next(check for check in checkup.checks() if check.name == "replicas")
    return f"{check.ok}: {check.detail}"


def test_a_right_code(in_cluster: Cluster, phone: str, last_code: LastCode) -> None:
    send_code(phone, "login")
    with _silent_replicas(in_cluster), pytest.raises(Unavailable):
        verify_code(phone, "login", last_code())
    with pytest.raises(CodeExpired):
        verify_code(phone, "login", last_code())


def test_a_wrong_one_waits_for_nobody(in_cluster: Cluster, phone: str, last_code: LastCode) -> None:
    send_code(phone, "login")
    with _silent_replicas(in_cluster), pytest.raises(CodeIncorrect):
        verify_code(phone, "login", wrong(last_code()))


def test_a_proof(in_cluster: Cluster, phone: str, last_code: LastCode) -> None:
    send_code(phone, "reset_password")
    outcome = exchange_code(phone, "reset_password", last_code())
    assert isinstance(outcome, Proof)
    with _silent_replicas(in_cluster), pytest.raises(Unavailable):
        redeem_proof(phone, "reset_password", outcome.proof)
    with pytest.raises(CodeExpired):
        redeem_proof(phone, "reset_password", outcome.proof)


def test_more_replicas_than_there_are(
    in_cluster: Cluster, configure: Configure, new_phone: Callable[[], str], last_code: LastCode
) -> None:
    """As after a failover: those that follow are waited for."""
    phone, another = new_phone(), new_phone()
    assert _replicas() == "True: 2 of 1 follow"
    configure(REDIS_REPLICAS=3)
    assert _replicas() == "False: 2 of 3 follow"
    send_code(phone, "login")
    assert verify_code(phone, "login", last_code()) == f"+86{phone}"
    send_code(another, "login")
    with _silent_replicas(in_cluster), pytest.raises(Unavailable):
        verify_code(another, "login", last_code())


def test_a_master_that_none_follows(configure: Configure, phone: str, last_code: LastCode) -> None:
    configure(REDIS_REPLICAS=1)
    send_code(phone, "login")
    assert verify_code(phone, "login", last_code()) == f"+86{phone}"
    assert _replicas() == "False: 0 of 1 follow"


def test_where_none_is_asked_for(
    in_cluster: Cluster, configure: Configure, phone: str, last_code: LastCode
) -> None:
    configure(REDIS_REPLICAS=0)
    send_code(phone, "login")
    with _silent_replicas(in_cluster):
        assert verify_code(phone, "login", last_code()) == f"+86{phone}"
