"""A Redis Cluster: whoever of it is named, and whoever has our keys, it is found."""

from collections.abc import Callable

import pytest

from tests.conftest import Use
from tests.live import free_port
from tests.redis.clusters import Cluster
from tests.redis.servers import HOST
from tests.until import until
from verifications import tally
from verifications.exceptions import Unavailable
from verifications.services import send_code, verify_code

pytestmark = [pytest.mark.live, pytest.mark.django_db]

LastCode = Callable[[], str]
NewPhone = Callable[[], str]


def _of(*ports: int) -> str:
    return "redis+cluster://" + ",".join(f"{HOST}:{port}" for port in ports)


def _round_trip(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login")
    assert verify_code(phone, "login", last_code()) == f"+86{phone}"


def test_any_node_tells_who_has_our_slot(
    nodes: Cluster, use: Use, new_phone: NewPhone, last_code: LastCode
) -> None:
    for node in nodes.nodes:
        use(_of(node.port))
        _round_trip(new_phone(), last_code)


def test_one_that_is_away_is_passed_over(
    nodes: Cluster, use: Use, phone: str, last_code: LastCode
) -> None:
    use(_of(free_port(), nodes.nodes[0].port))
    _round_trip(phone, last_code)


def test_nobody_is_there(use: Use, phone: str) -> None:
    use(_of(free_port(), free_port()))
    with pytest.raises(Unavailable):
        send_code(phone, "login")


def test_a_password(nodes: Cluster, use: Use, phone: str, last_code: LastCode) -> None:
    for node in nodes.nodes:
        assert node.ask("ACL", "SETUSER", "mall", "on", ">p@ss", "~sms:*", "+@all")
    use(nodes.url.replace("://", "://mall:p%40ss@"))
    _round_trip(phone, last_code)
    use(nodes.url.replace("://", "://mall:wrong@"))
    with pytest.raises(Unavailable):
        send_code(phone, "login")


def test_those_that_were_not_named_are_known(
    nodes: Cluster, use: Use, new_phone: NewPhone, last_code: LastCode
) -> None:
    master = nodes.master()
    named = next(node for node in nodes.nodes if node not in (master, nodes.replica()))
    use(_of(named.port))
    _round_trip(new_phone(), last_code)
    named.kill()
    try:
        assert master.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes") is not None
        _round_trip(new_phone(), last_code)
    finally:
        named.start()


def test_a_planned_change_of_masters_refuses_nobody(
    in_cluster: Cluster, new_phone: NewPhone, last_code: LastCode
) -> None:
    phone = new_phone()
    send_code(phone, "login")
    tally.flush()
    next_master = in_cluster.replica()
    assert next_master.ask("CLUSTER", "FAILOVER")
    until(next_master.serves, "it has taken over")
    in_cluster.replica()  # a right code is to be copied
    assert verify_code(phone, "login", last_code()) == f"+86{phone}"
    _round_trip(new_phone(), last_code)


def test_the_tally_follows(in_cluster: Cluster) -> None:
    tally.add("send_code", "login", "ok")
    tally.flush()
    next_master = in_cluster.replica()
    assert next_master.ask("CLUSTER", "FAILOVER")
    until(next_master.serves, "it has taken over")
    tally.add("send_code", "login", "ok")

    def flushed() -> bool:
        tally.flush()
        return not tally._counts

    until(flushed, "the counts have arrived")
