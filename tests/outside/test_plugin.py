"""verifications/pytest_plugin.py: cases.py, in a project that is not ours."""

import secrets
from pathlib import Path

from django_redis import get_redis_connection

from tests.outside.project import Project

CASES = Path(__file__).with_name("cases.py").read_text()
_PICKUP = """
VERIFICATIONS["TEMPLATES"]["pickup_code"] = {
    "IDS": {"cloopen": "3"}, "PARAMS": ["code", "order", "until"]
}
"""


def test_every_case(project: Project) -> None:
    settings = (project.place / "own_settings.py").read_text()
    project.write("own_settings.py", settings + _PICKUP)
    project.write("shop/tests/test_cases.py", CASES)
    done = project.pytest("shop/tests/test_cases.py")
    assert done.returncode == 0, done.stdout
    cases = CASES.count("\ndef test_") + 1  # one has two turns
    assert f"{cases} passed" in done.stdout


def test_nothing_is_left_under_the_projects_own_prefix(project: Project) -> None:
    prefix = f"shop-{secrets.token_hex(8)}"
    settings = (project.place / "own_settings.py").read_text()
    project.write("own_settings.py", f'{settings}VERIFICATIONS["KEY_PREFIX"] = "{prefix}"\n')
    done = project.pytest()
    assert done.returncode == 0, done.stdout
    assert not [*get_redis_connection().scan_iter(f"{prefix}*")]


def test_a_project_without_the_app_is_left_alone(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("own_settings.py", "SECRET_KEY = 'x'\nINSTALLED_APPS = []\n")
    project.write("shop/tests/test_password.py", "def test_nothing():\n    pass\n")
    done = project.pytest()
    assert done.returncode == 0, done.stdout
