"""docs/api.md: the app in a Django project of somebody's own."""

import subprocess
import sys
from pathlib import Path

from tests.docs.pages import blocks, read
from tests.live import ROOT, clean_environment

_REST = """
SECRET_KEY = "x"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
ROOT_URLCONF = "own"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
_URLS = """
from django.urls import include, path
urlpatterns = [path("", include("verifications.urls"))]
"""


def test_check_passes(tmp_path: Path) -> None:
    snippet = blocks(read("docs/api.md"), "python")[1]
    (tmp_path / "own_settings.py").write_text(_REST + snippet)
    (tmp_path / "own.py").write_text(_URLS)
    done = subprocess.run(
        [sys.executable, "-m", "django", "check"],
        env=clean_environment(
            PYTHONPATH=f"{ROOT}:{tmp_path}", DJANGO_SETTINGS_MODULE="own_settings"
        ),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
