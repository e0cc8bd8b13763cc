"""startup.seconds: from the start of a process to its first answer."""

import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from dadashop.processes import Child

from . import servers
from .servers import BARE, PRODUCT, Cores


def measure(rounds: int, cores: Cores) -> dict[str, list[float]]:
    """Seconds, one a round, of `bare`, `web`, and runlocal's `first` start and a `later` one.

    The web servers stand on one core, as in the other measurements; runlocal has them all.
    """
    seconds: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        seconds["bare"].append(_web(*BARE, cores))
        seconds["web"].append(_web(*PRODUCT, cores))
        with tempfile.TemporaryDirectory(prefix="dadashop-bench-") as directory:
            seconds["first"].append(_runlocal(directory))
            seconds["later"].append(_runlocal(directory))
    return seconds


def _web(application: str, settings: str, cores: Cores) -> float:
    started = time.perf_counter()
    with servers.web(application, settings, cores.server):
        return time.perf_counter() - started


def _runlocal(data_dir: str) -> float:
    port, sandbox_port = servers.free_port(), servers.free_port()
    command = servers.quietly([sys.executable, "manage.py", "runlocal"])
    ports = ["--port", str(port), "--sandbox-port", str(sandbox_port)]
    environment = {
        "DJANGO_SETTINGS_MODULE": "dadashop.settings",
        "DADASHOP_DATA_DIR": data_dir,
        "DADASHOP_DEBUG": "1",
        "DADASHOP_TRUSTED_PROXIES": "0",
        "REDIS_URL": "",
    }
    started = time.perf_counter()
    child = Child([*command, *ports], environment)
    try:
        servers.wait_for_answer(port, child)
        return time.perf_counter() - started
    finally:
        child.stop()


def imports() -> list[tuple[str, float]]:
    """(package, milliseconds) that importing and setting up the product takes, the dearest first.

    From `python -X importtime`, each module's own time without what it imports in turn.
    """
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import granian.cli, dadashop.wsgi"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": PRODUCT[1]},
        cwd=Path.cwd(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    packages: dict[str, float] = defaultdict(float)
    for line in done.stderr.splitlines():
        own, _, rest = line.removeprefix("import time:").partition("|")
        if own.strip().isdigit():
            module = rest.partition("|")[2].strip().partition(".")[0]
            packages[module] += int(own) / 1000
    return sorted(packages.items(), key=lambda entry: -entry[1])
