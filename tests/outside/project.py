"""A Django project that is not ours, made of what the docs show."""

import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.docs.pages import read
from tests.live import ROOT, clean_environment, free_port

_FILE = re.compile(
    r"^```\w+\n(?:# |// |<!-- )([\w./]+)(?: -->)?\n(.*?)^```", re.DOTALL | re.MULTILINE
)
_PAGES = ("docs/python.md", "docs/testing.md", "docs/providers.md")
_SETTINGS = """
from shop.settings import *
DATABASES["default"]["NAME"] = ":memory:"
CACHES["default"]["LOCATION"] = "{redis}"
"""


def files(page: str) -> dict[str, str]:
    """{path: source} of the code blocks of a page that begin with their path."""
    return dict(_FILE.findall(read(page)))


class Project:
    """In a directory of its own; `redis` is its Redis' URL, ours unless said otherwise."""

    def __init__(self, place: Path, redis: str = "") -> None:
        self.place = place
        for page in _PAGES:
            for path, source in files(page).items():
                self.write(path, source)
        for package in ("shop", "shop/tests", "mall"):
            self.write(f"{package}/__init__.py", "")
        own = _SETTINGS.format(redis=redis or settings.CACHES["default"]["LOCATION"])
        self.write("own_settings.py", own)

    def write(self, path: str, source: str) -> None:
        file = self.place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`python -m command`, as if our app were installed. A variable of "" is not set."""
        ours = {"PYTHONPATH": f"{ROOT}:{self.place}", "DJANGO_SETTINGS_MODULE": "own_settings"}
        told = {name: value for name, value in (ours | environment).items() if value}
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.place,
            env=clean_environment(**told),
            capture_output=True,
            text=True,
            timeout=300,
        )

    def pytest(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        options = ["-q", "-p", "no:cacheprovider", "-W", "error", f"--rootdir={self.place}"]
        for ours in ("schemathesis", "hypothesispytest"):  # which take long to load
            options += ["-p", f"no:{ours}"]
        return self.run("pytest", *options, *arguments, **environment)


def nobody_listens() -> str:
    return f"redis://127.0.0.1:{free_port()}/0"
