"""`python -m benchmarks.peers`: the product beside drfpasswordless, django-phone-verify, allauth.

Each has a server as ours on the same core, and the same PostgreSQL on the other; twice, on fresh
tables and with 100,000 earlier phones. Ours has a queue, and what its worker does later is not in
the numbers; with --inline it sends inside the request. Prints a table, writes build/peers.json.
"""

import argparse
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.databases import MissingError, postgresql

from .. import report, servers
from ..report import Row
from . import install, rounds
from .rounds import KINDS, Measured, Size, World
from .running import Running, peer, product
from .sites import PEERS

FULL = Size(rounds=5, turns=2, ours=800, fresh=400, aged=100, earlier=100_000)
QUICK = Size(rounds=1, turns=1, ours=60, fresh=60, aged=20, earlier=300)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("build/peers.json"))
    parser.add_argument(
        "--quick", action="store_true", help="see that it runs; the numbers mean nothing"
    )
    parser.add_argument("--inline", action="store_true", help="ours without a queue")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    install.python()  # first, as it may take a while
    try:
        settings = "benchmarks.settings" if options.inline else "benchmarks.queue_settings"
        rows = _measured(QUICK if options.quick else FULL, settings)
    except MissingError as missing:
        _say(f"There is no {missing}.")
        return 2
    report.write(rows, options.output)
    print(f"Beside {install.versions()}.", report.table(rows), sep="\n")
    print(f"Written to {options.output}.")
    return 0 if options.quick or all(row.passed for row in rows) else 1


def _measured(size: Size, settings: str) -> list[Row]:
    cores = servers.cores()
    if cores.server is None:
        _say("NOT PINNED: the servers share their core with the load.")
    with ExitStack() as stack:
        world = _world(stack, size, cores, settings)
        with servers.on_core(cores.load):
            return _rows(rounds.measure(size, world, _say))


def _world(stack: ExitStack, size: Size, cores: servers.Cores, settings: str) -> World:
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dadashop-bench-")))
    servers.prepare_environment(directory)
    with servers.on_core(cores.load):
        cluster = stack.enter_context(postgresql())
    started: dict[str, list[Running]] = {}
    for earlier in (0, size.earlier):
        _say(f"{earlier:,} earlier phones")
        for site in PEERS:
            url = _database(cluster, f"{site.name}_{earlier}")
            started.setdefault(site.name, []).append(
                stack.enter_context(peer(site, url, cores, earlier))
            )
        url, place = _database(cluster, f"ours_{earlier}"), directory / str(earlier)
        started.setdefault("ours", []).append(
            stack.enter_context(product(url, place, cores, earlier, settings))
        )
    fresh_and_aged = {name: (both[0], both[1]) for name, both in started.items()}
    return World(fresh_and_aged.pop("ours"), fresh_and_aged)


def _database(cluster: str, name: str) -> str:
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{cluster.rpartition('/')[0]}/{name}"


def _rows(measured: Measured) -> list[Row]:
    unit = "requests/s"
    rows = [
        report.row(f"{name}.{kind}{'.aged' if aged else ''}", unit, pair.ours, pair.theirs)
        for (name, kind, aged), pair in sorted(measured.items())
    ]
    for kind in KINDS:
        aged, fresh = (
            [value for site in PEERS for value in measured[site.name, kind, is_aged].ours]
            for is_aged in (True, False)
        )
        rows.append(report.row(f"growth.{kind}", unit, aged, fresh))
    return rows


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
