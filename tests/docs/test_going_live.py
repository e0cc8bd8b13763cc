"""The READMEs' way to production, walked with what a machine of tests has."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from sandbox import Sandbox
from sandbox.accounts import CLOOPEN
from tests.docs.pages import blocks, read
from tests.docs.typed import run_python

BOTH = pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
VALUES = {
    "CLOOPEN_TEMPLATE_ID": "1",
    "REDIS_URL": "redis://r",
    "DATABASE_URL": "postgres://p/d",
    "DADASHOP_SECRET_KEY": "".join(map(chr, range(48, 110))),
}


def _script(name: str) -> tuple[dict[str, str], list[str]]:
    """(what it exports, what it runs)"""
    script = blocks(read(name), "sh")[2]
    exports = re.findall(r"([A-Z_]+)=(\S+)", script)
    assert len(exports) == 9
    values = {key: VALUES.get(key, value.replace("…", "x")) for key, value in exports}
    return values, script.splitlines()[-1].split(" && ")


@BOTH
def test_what_is_exported_passes_the_deploy_check(name: str) -> None:
    environment, (check, *_) = _script(name)
    done = run_python(check, **environment)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def stand_ins(tmp_path: Path) -> Iterator[dict[str, str]]:
    """For the platform, its account, Redis and the database of whoever goes live."""
    account = CLOOPEN[0]
    with Sandbox(port=0) as box:
        yield {
            "CLOOPEN_ACCOUNT_SID": account.sid,
            "CLOOPEN_AUTH_TOKEN": account.token,
            "CLOOPEN_APP_ID": account.app_id,
            "CLOOPEN_BASE_URL": box.url,
            "REDIS_URL": settings.REDIS_URL,
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
            "DADASHOP_DATA_DIR": str(tmp_path),
        }


@pytest.mark.live
@BOTH
def test_tables_are_made_and_the_doctor_is_content(name: str, stand_ins: dict[str, str]) -> None:
    environment, (_, migrate, doctor) = _script(name)
    migrated, examined = (
        run_python(command, **environment | stand_ins) for command in (migrate, doctor)
    )
    assert "Applying verifications.0001_initial... OK" in migrated.stdout, migrated.stderr
    assert "cloopen template 1: approved" in examined.stdout
    assert "cloopen account: balance" in examined.stdout
    assert examined.returncode == 0, examined.stdout
