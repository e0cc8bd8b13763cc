"""web.rss: what a worker of the web server holds in memory once it has been at work, with the
packages of production alone. (Libraries look for others, such as cryptography, and load them.)"""

from pathlib import Path

import psutil

from . import calls, environments
from .load import drive
from .servers import PRODUCT, Cores, web

_REQUESTS = 1000


def python() -> str:
    """With the packages of production. Raises RuntimeError where PyPI is out of reach."""
    return environments.python_of(Path("requirements.txt"), "runtime")


def measure(python: str, cores: Cores) -> float:
    """MiB."""
    with web(*PRODUCT, cores.server, python) as port:
        drive(port, [call.raw for call in calls.sends(_REQUESTS)], 202)
        drive(port, [call.raw for call in calls.checks(_REQUESTS)], 200)
        servers = [
            process.memory_info().rss
            for process in psutil.Process().children(recursive=True)
            if process.cmdline()[:1] == [python]
        ]
        return max(servers) / 2**20  # the other is its parent, which loads no application
