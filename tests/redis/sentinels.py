"""Three sentinels over a master with two replicas, on this machine."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.dadashop import servers
from tests.redis.servers import HOST, Server
from tests.until import until

SERVICE = "mall"
DOWN_AFTER = 1000  # milliseconds without an answer
_REPLICAS = 2
_SENTINELS = 3


class Sentinels:
    def __init__(self, nodes: list[Server], sentinels: list[Any]) -> None:
        self.nodes, self._sentinels = nodes, sentinels

    @property
    def url(self) -> str:
        ports = [one.connection_pool.connection_kwargs["port"] for one in self._sentinels]
        return "redis+sentinel://" + ",".join(f"{HOST}:{port}" for port in ports) + f"/{SERVICE}"

    def master(self) -> Server:
        """That all sentinels name and that says so itself; waits until there is one."""

        def found() -> list[Server]:
            named = {int(one.sentinel_master(SERVICE)["port"]) for one in self._sentinels}
            roles = [(node, node.ask("ROLE")) for node in self.nodes if {node.port} == named]
            return [node for node, role in roles if role and role[0] == b"master"]

        return until(found, "one is the master")[0]

    def form(self) -> None:
        master, *replicas = self.nodes
        for replica in replicas:
            assert replica.ask("REPLICAOF", HOST, master.port)
        until(lambda: all(replica.follows(master) for replica in replicas), "copies are whole")

    def agree(self) -> None:
        for sentinel in self._sentinels:
            for name, value in (
                ("down-after-milliseconds", DOWN_AFTER),
                ("failover-timeout", 5000),
            ):
                sentinel.sentinel_set(SERVICE, name, value)

        def all_known() -> bool:
            seen = [one.sentinel_master(SERVICE) for one in self._sentinels]
            return all(
                (one["num-slaves"], one["num-other-sentinels"]) == (_REPLICAS, _SENTINELS - 1)
                for one in seen
            )

        until(all_known, "all know each other")


@contextmanager
def sentinels() -> Iterator[Sentinels]:
    with tempfile.TemporaryDirectory(prefix="dadashop-sentinel-") as name, ExitStack() as stack:
        place, nodes = Path(name), []
        for number in range(1 + _REPLICAS):
            nodes.append(Server(place / str(number)))
            stack.callback(nodes[-1].stop)
        watched = Sentinels(nodes, [])
        watched.form()
        for number in range(_SENTINELS):
            watcher = servers.sentinel(place / f"sentinel-{number}", SERVICE, nodes[0].port)
            watched._sentinels.append(stack.enter_context(watcher))
        watched.agree()
        yield watched
