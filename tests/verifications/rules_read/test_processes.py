"""What one process changes, another goes by within a second."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import ROOT, clean_environment
from tests.verifications.rules_read.conftest import PHONE

_PROCESS = f"""
import sys, time
import django
django.setup()
from verifications import rules
from verifications.models import ListEntry

def seen(verdict):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if rules.get().of_phone({PHONE!r}) == verdict:
            return True
        time.sleep(0.01)

for line in sys.stdin:
    print(eval(line), flush=True)
"""


class _Process:
    def __init__(self, data_dir: Path) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-c", _PROCESS],
            cwd=ROOT,
            env=_environment(data_dir),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def eval(self, words: str) -> str:
        assert self._child.stdin
        assert self._child.stdout
        print(words, file=self._child.stdin, flush=True)
        return self._child.stdout.readline().strip()

    def stop(self) -> None:
        self._child.kill()
        self._child.communicate()


def _environment(data_dir: Path) -> dict[str, str]:
    settings = "dadashop.settings"
    return clean_environment(DADASHOP_DATA_DIR=str(data_dir), DJANGO_SETTINGS_MODULE=settings)


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[list[_Process]]:
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=_environment(tmp_path), check=True, timeout=60)
    started = [_Process(tmp_path) for _ in range(2)]
    yield started
    for process in started:
        process.stop()


def test_each_sees_what_the_other_has_changed(processes: list[_Process]) -> None:
    one, other = processes
    assert one.eval("seen(None)") == other.eval("seen(None)") == "True"
    one.eval(f"ListEntry.objects.create(what='phone', value={PHONE!r})")
    assert other.eval("seen('block')") == "True"
    other.eval("ListEntry.objects.update(list='allow')")
    assert one.eval("seen('allow')") == "True"
    one.eval("ListEntry.objects.all().delete()")
    assert other.eval("seen(None)") == "True"
