"""pytest finds verifications.pytest_plugin where the package is installed, once."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.package.shop import Shop, shown

pytestmark = pytest.mark.package

_TEST = "test_codes.py, beside manage.py"
_OTHER = "def test_a_sum():\n    assert 1 + 1 == 2\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Iterator[Shop]:
    place = tmp_path_factory.mktemp("shop")
    yield Shop(place, wheel, sys.executable, [])
    shutil.rmtree(place)


def test_a_project_may_name_it_as_well(shop: Shop) -> None:
    shop.write("named/conftest.py", 'pytest_plugins = ["verifications.pytest_plugin"]\n')
    shop.write("named/test_codes.py", shown(_TEST))
    assert "1 passed" in shop.pytest("--ds=shop.settings", "named/test_codes.py")


def test_a_project_may_do_without_it(shop: Shop) -> None:
    shop.write("test_codes.py", shown(_TEST))
    off = "no:verifications.pytest_plugin"
    listed = shop.pytest("--ds=shop.settings", "-p", off, "--fixtures", "test_codes.py")
    assert "sms_outbox" not in listed


def test_tests_without_django_are_left_alone(shop: Shop) -> None:
    shop.write("test_sums.py", _OTHER)
    assert "1 passed" in shop.pytest("test_sums.py")


def test_tests_of_a_project_without_the_app_are_left_alone(shop: Shop) -> None:
    shop.write("bare.py", "SECRET_KEY = 'x'\nINSTALLED_APPS = []\n")
    shop.write("test_sums.py", _OTHER)
    assert "1 passed" in shop.pytest("--ds=bare", "test_sums.py")
