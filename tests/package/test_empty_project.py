"""docs/python.md: the package and ten lines make an empty Django project text and verify codes."""

import shlex
import sys
from pathlib import Path

import pytest

from tests.docs.pages import blocks, read
from tests.live import ROOT
from tests.package.shop import Shop, run, shown

pytestmark = pytest.mark.package

_OVER_HTTP = """
import requests
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import LiveServerTestCase
from django.urls import reverse

from verifications.providers import locmem


class CodeTest(LiveServerTestCase):
    def post(self, path, **body):
        url = f"{self.live_server_url}/v1/verifications/{path}"
        return requests.post(url, json={"phone": "13800138000", "purpose": "login"} | body)

    def test_a_code_passes_once(self):
        self.assertEqual(self.post("codes").json()["status"], "sent")
        (text,) = locmem.outbox
        verified = self.post("verify", code=text.params["code"])
        self.assertEqual((verified.status_code, verified.json()["verified"]), (200, True))
        again = self.post("verify", code=text.params["code"])
        self.assertEqual((again.status_code, again.json()["code"]), (400, "code_expired"))


class OperatorsTest(LiveServerTestCase):
    def test_their_pages_open(self):
        self.client.force_login(User.objects.create_superuser("operator"))
        start = self.client.get(reverse("admin:app_list", args=["verifications"]))
        pages = [model["admin_url"] for app in start.context["app_list"] for model in app["models"]]
        self.assertTrue(pages)
        for page in pages:
            self.assertEqual(self.client.get(page).status_code, 200, page)

    def test_their_files_are_found(self):
        for name in ("dashboard.css", "vendor/chartjs/chart.umd.min.js"):
            self.assertIn("site-packages", finders.find(f"verifications/{name}"))

    def test_no_migration_is_missing(self):
        call_command("makemigrations", "verifications", check=True, dry_run=True)
"""


def test_pip_makes_it_of_a_clone(tmp_path: Path) -> None:
    (tmp_path / "dadashop").symlink_to(ROOT)
    (commands,) = blocks(read("docs/python.md"), "sh")
    install, wheel = (shlex.split(line, comments=True) for line in commands.splitlines())
    here = ["--no-build-isolation", "--no-deps"]
    dry = ["--dry-run", "--ignore-installed"]
    told = run(sys.executable, "-m", *install, *here, *dry, cwd=tmp_path)
    assert "Would install dadashop-verifications-" in told
    run(sys.executable, "-m", *wheel, *here, cwd=tmp_path)
    assert [*tmp_path.glob("build/wheels/dadashop_verifications-*.whl")]


def test_it_takes_ten_lines() -> None:
    lines = "".join(shown(f"shop/{name}.py, at its end") for name in ("settings", "urls"))
    assert len(lines.splitlines()) <= 10


def test_django_finds_nothing_wrong(shop: Shop) -> None:
    assert "no issues" in shop.manage("check")


def test_its_tables_are_made(shop: Shop) -> None:
    assert "Applying verifications.0001_initial... OK" in shop.manage("migrate")


def test_a_code_is_verified_over_http_and_operators_have_their_pages(shop: Shop) -> None:
    shop.write("tests.py", _OVER_HTTP)
    assert "Ran 4 tests" in shop.manage("test", "tests")


def test_a_test_of_theirs_reads_the_text(shop: Shop) -> None:
    shop.write("test_codes.py", shown("test_codes.py, beside manage.py"))
    assert "1 passed" in shop.pytest("--ds=shop.settings", "test_codes.py")
