"""A Redis Cluster of three masters with a replica each, and ours with one more, on this machine."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.ports import free_port
from tests.redis.servers import HOST, Server
from tests.until import until

_MASTERS = 3
_SLOTS = 16384
_FORMING = 1000  # milliseconds; the longer a node would wait for others, the later it hears of them


class Node(Server):
    def __init__(self, place: Path) -> None:
        self.bus = free_port()
        super().__init__(
            place,
            cluster_enabled="yes",
            cluster_port=self.bus,
            cluster_node_timeout=_FORMING,
        )

    def meet(self, other: "Node") -> None:
        assert self.ask("CLUSTER", "MEET", HOST, other.port, other.bus)

    def join(self, master: "Node") -> bool:
        """As its replica; False where it has not heard of it yet."""
        name = master.ask("CLUSTER", "MYID").decode()
        return self.ask("CLUSTER", "REPLICATE", name) is not None

    def serves(self) -> bool:
        """Whether it is the master that answers for our slot."""
        role = self.ask("ROLE")
        return bool(role) and role[0] == b"master" and self.ask("EXISTS", "{4}") is not None

    def ranges(self) -> list[tuple[int, int]]:
        """Of each range of slots, as this node sees it: its master's port, how many replicas."""
        slots = self.ask("CLUSTER", "SLOTS") or []
        return sorted((int(master[1]), len(replicas)) for _, _, master, *replicas in slots)


class Cluster:
    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"{HOST}:{node.port}" for node in self.nodes)

    def master(self) -> Node:
        """Of our slot; waits until there is one."""
        return until(lambda: [node for node in self.nodes if node.serves()], "one serves")[0]

    def replica(self) -> Node:
        """Of that master; waits until there is one that has all that it has."""
        master = self.master()
        return until(lambda: [node for node in self.nodes if node.follows(master)], "a copy")[0]

    def form(self) -> None:
        masters = self.nodes[:_MASTERS]
        # The last has our slot, which is near the end.
        pairs = [*zip([*masters, masters[-1]], self.nodes[_MASTERS:], strict=True)]
        firsts = [_SLOTS * place // _MASTERS for place in range(_MASTERS + 1)]
        for place, master in enumerate(masters):
            assert master.ask("CLUSTER", "SET-CONFIG-EPOCH", place + 1)
            last = firsts[place + 1] - 1
            assert master.ask("CLUSTER", "ADDSLOTSRANGE", firsts[place], last)
        for other in self.nodes[1:]:
            masters[0].meet(other)
        until(lambda: all(replica.join(master) for master, replica in pairs), "all know each other")
        following = [master for master, _ in pairs]
        whole = sorted((master.port, following.count(master)) for master in masters)
        until(lambda: all(node.ranges() == whole for node in self.nodes), "all know all roles")
        until(lambda: all(replica.follows(master) for master, replica in pairs), "copies are whole")
        self.master()


@contextmanager
def cluster(timeout: int = 15) -> Iterator[Cluster]:
    """A node that is silent for `timeout` seconds, if only as the machine is busy, is replaced."""
    with tempfile.TemporaryDirectory(prefix="dadashop-cluster-") as place, ExitStack() as stack:
        nodes = []
        for number in range(2 * _MASTERS + 1):
            nodes.append(Node(Path(place) / str(number)))
            stack.callback(nodes[-1].stop)
        made = Cluster(nodes)
        made.form()
        for node in nodes:
            assert node.ask("CONFIG", "SET", "cluster-node-timeout", timeout * 1000)
        yield made
