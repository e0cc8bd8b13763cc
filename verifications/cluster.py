"""A Redis Cluster: connections to whichever of its masters has the slot that all our keys are in.

    "CONNECTION_POOL_KWARGS": {
        "connection_class": ClusterConnection,
        "nodes": Nodes([("redis-1.example", 6379)]),
    }

No node answers for a slot that is not its own: MOVED and CLUSTERDOWN say that nothing was run. So
the master need not be known for sure; whoever asked in vain drops the connection, and the next one
asks the nodes again.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from redis.connection import Connection
from redis.crc import key_slot
from redis.exceptions import AskError, ClusterDownError, MovedError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError

Address = tuple[str, int]

SLOT = key_slot(b"{4}")


class Nodes:
    """Whom to ask for the master: the addresses that a URL names, and those that nodes know of.

    Each is asked in turn, so that one with old news does not mislead us twice in a row.
    """

    def __init__(self, named: Sequence[Address]) -> None:
        self._named = tuple(named)
        self._next = self._named

    def prefer(self, address: Address) -> None:
        """It is asked next."""
        self._next = tuple(dict.fromkeys((address, *self._next)))

    def in_turn(self) -> Iterator[Address]:
        for address in self._next:
            others = (other for other in self._next if other != address)
            self._next = (*others, address)
            yield address

    def learn(self, known: Sequence[Address]) -> None:
        """That the cluster has these, and no others."""
        valid = {*self._named, *known}
        kept = [address for address in self._next if address in valid]
        self._next = tuple(dict.fromkeys((*kept, *known)))


class ClusterConnection(Connection):
    """As any connection of redis-py, but that `host` and `port` are found whenever it connects."""

    def __init__(self, *, nodes: Nodes, **options: Any) -> None:
        self._nodes, self._options = nodes, options
        super().__init__(**options)  # type: ignore[no-untyped-call]

    def _connect(self) -> Any:
        self.host, self.port = self._master()
        return super()._connect()  # type: ignore[no-untyped-call]

    def _master(self) -> Address:
        """Raises a RedisError where no node knows one."""
        failure: RedisError = RedisConnectionError("no node knows who has our slot")
        for asked in self._nodes.in_turn():
            try:
                slots = self._slots(asked)
            except RedisError as error:
                failure = error
                continue
            known = [_address(node, asked) for _, _, *nodes in slots for node in nodes]
            self._nodes.learn(known)
            for first, last, master, *_ in slots:
                if first <= SLOT <= last:
                    return _address(master, asked)
        raise failure

    def _slots(self, asked: Address) -> Any:
        host, port = asked
        options = {**self._options, "host": host, "port": port}
        connection: Any = Connection(**options)  # type: ignore[no-untyped-call]
        try:
            connection.send_command("CLUSTER", "SLOTS")
            return connection.read_response()
        finally:
            connection.disconnect()

    def read_response(self, *arguments: Any, **options: Any) -> Any:
        try:
            return super().read_response(*arguments, **options)
        except (AskError, ClusterDownError) as error:
            if isinstance(error, MovedError):  # by one who has later news than others may have
                self._nodes.prefer((error.host or self.host, error.port))
            self.disconnect()  # type: ignore[no-untyped-call]
            raise


def _address(node: Sequence[Any], asked: Address) -> Address:
    """Of [host, port, ...]; a node that does not know its own host is where it was asked."""
    return node[0].decode() if node[0] else asked[0], node[1]
