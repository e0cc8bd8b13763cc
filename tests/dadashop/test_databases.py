"""DATABASE_URL, as Django takes it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from dadashop.databases import database_of


@pytest.mark.parametrize(
    ("url", "engine"),
    [
        ("postgres://u:p@db:5433/name", "dadashop.postgresql"),
        ("postgresql://u:p@db:5433/name", "dadashop.postgresql"),
        ("mysql://u:p@db:5433/name", "django.db.backends.mysql"),
    ],
)
def test_a_server_that_does_not_answer_is_given_up(url: str, engine: str) -> None:
    found = database_of(url)
    assert found["ENGINE"] == engine
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db", 5433, "name")
    assert found["OPTIONS"]["connect_timeout"] == 3
    assert (found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"]) == (60, True)


def test_a_url_may_say_otherwise() -> None:
    found = database_of("postgres://u:p@db/name?connect_timeout=9&sslmode=require&conn_max_age=0")
    assert found["OPTIONS"] == {"connect_timeout": 9, "sslmode": "require"}
    assert found["CONN_MAX_AGE"] == 0


def test_sqlite_waits_for_its_writers() -> None:
    found = database_of("sqlite:////tmp/x.sqlite3")
    assert found["NAME"] == "/tmp/x.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize("url", ["", "x", "oracle://u:p@db/name", "postgres://u:s3cret@h:x/name"])
def test_what_is_none(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL: ") as error:
        database_of(url)
    assert "s3cret" not in str(error.value)
