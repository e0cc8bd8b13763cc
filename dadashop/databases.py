"""DATABASE_URL -> an entry of Django's DATABASES."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_FORMS = (
    "DATABASE_URL: postgres://user:password@host:5432/name, mysql://… or sqlite:///path is expected"
)
_CONNECT_TIMEOUT = 3  # seconds; a server that is gone with its machine refuses nothing
_OPTIONS: dict[str, dict[str, Any]] = {
    "sqlite3": {
        # Readers do not wait for a writer, and writers wait for each other instead of failing.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    },
    "postgresql": {"connect_timeout": _CONNECT_TIMEOUT},
    "mysql": {"connect_timeout": _CONNECT_TIMEOUT},
}


def database_of(url: str) -> dict[str, Any]:
    """ImproperlyConfigured for what is no such URL."""
    if "://" not in url:  # of which environ would warn with all that it has read
        raise ImproperlyConfigured(_FORMS)
    try:
        found: dict[str, Any] = environ.Env.db_url_config(url)
        kind = found["ENGINE"].rpartition(".")[2]
        options = _OPTIONS[kind]
    except (KeyError, ValueError):  # its words may hold a part of the password
        raise ImproperlyConfigured(_FORMS) from None
    if kind == "mysql":
        import pymysql  # 8 MB with the cryptography that it looks for, of no use to the others

        pymysql.install_as_MySQLdb()  # the driver in C needs a compiler
    if kind == "postgresql":
        found["ENGINE"] = "dadashop.postgresql"
    found["OPTIONS"] = {**options, **found.get("OPTIONS", {})}
    return {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, **found}
