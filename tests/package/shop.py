"""An empty Django project, in a virtual environment of its own that has our wheel."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from tests.docs.pages import read
from tests.live import ROOT, clean_environment

UV = Path(sys.executable).with_name("uv")
_LOCATION = "redis://localhost"


def shown(place: str) -> str:
    """The code block of docs/python.md whose first line is this comment, without that line."""
    (found,) = re.findall(
        rf"^```python\n# {re.escape(place)}\n(.*?)^```", read("docs/python.md"), re.DOTALL | re.M
    )
    return str(found)


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """What it prints; an AssertionError with all of that where it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=clean_environment(PYTHONPATH="", VIRTUAL_ENV=""),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


class Shop:
    """Made of `django-admin startproject` and the ten lines, on this process' own Redis."""

    def __init__(
        self, place: Path, wheel: Path, interpreter: str, asked: Sequence[str | Path]
    ) -> None:
        self.place, self._python = place / "project", place / "venv/bin/python"
        run(UV, "venv", "--quiet", "--python", interpreter, place / "venv")
        package = f"dadashop-verifications[test] @ {wheel.as_uri()}"
        run(UV, "pip", "install", "--quiet", "--python", self._python, package, *asked)
        self.place.mkdir()
        self.python("-m", "django", "startproject", "shop", ".")
        redis = settings.CACHES["default"]["LOCATION"]
        self._add("shop/settings.py", shown("shop/settings.py, at its end"), redis)
        self._add("shop/urls.py", shown("shop/urls.py, at its end"), redis)

    def _add(self, path: str, lines: str, redis: str) -> None:
        with (self.place / path).open("a") as file:
            file.write(lines.replace(_LOCATION, redis))

    def write(self, path: str, source: str) -> None:
        file = self.place / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(source)

    def python(self, *arguments: str) -> str:
        """What it prints; any warning is an error."""
        return run(self._python, "-W", "error", *arguments, cwd=self.place)

    def manage(self, *arguments: str) -> str:
        return self.python("manage.py", *arguments)

    def pytest(self, *arguments: str) -> str:
        return self.python("-m", "pytest", "-q", "-W", "error", *arguments)
