"""A command of manage.py as a person at a terminal runs it."""

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

from tests.live import ROOT, clean_environment


def at_a_terminal(place: Path, *command: str) -> tuple[str, str]:
    """(what it prints, what it shows meanwhile), with a new database in `place`, and no platform
    but the outbox. Its standard output is piped, the terminal is where errors go.
    """
    ours, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    for arguments in (["migrate", "-v0"], command):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=clean_environment(DADASHOP_DATA_DIR=str(place), SMS_PROVIDERS="locmem"),
            stdout=subprocess.PIPE,
            stderr=terminal,
            text=True,
            timeout=60,
            check=True,
        )
    shown = os.read(ours, 65_536).decode()
    os.close(ours)
    os.close(terminal)
    return done.stdout, shown
