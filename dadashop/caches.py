"""REDIS_URL -> an entry of Django's CACHES."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.retry import Retry

_FORMS = (
    "REDIS_URL: redis://host:port/db, rediss://, unix://path "
    "or redis+sentinel://host:port[,host:port]/service[/db]"
)
_OPTIONS = {
    "SOCKET_CONNECT_TIMEOUT": 1,
    "SOCKET_TIMEOUT": 1,
    # A thread that finds every connection busy waits for one, as long as for an answer.
    "CONNECTION_POOL_CLASS": "redis.BlockingConnectionPool",
    "CONNECTION_POOL_KWARGS": {
        "max_connections": 50,
        "timeout": 1,
        # A script that timed out may have run, so it is never sent again behind our back.
        "retry": Retry(NoBackoff(), 0),
    },
}


def cache_of(url: str, data_dir: Path) -> dict[str, Any]:
    """`redis://`, `rediss://` and `unix://` as redis-py reads them; empty for the embedded Valkey.

    `redis+sentinel://host:26379,host2:26379/mymaster/0` asks the sentinels for the master.
    """
    backend = "django_redis.cache.RedisCache"
    if not url:
        options = {**_OPTIONS, "DATA_DIR": data_dir}
        options["CONNECTION_FACTORY"] = "dadashop.embedded.EmbeddedConnectionFactory"
        return {"BACKEND": backend, "LOCATION": "embedded://", "OPTIONS": options}
    if url.startswith("redis+sentinel://"):
        return {"BACKEND": backend, **_sentinel(url)}
    try:
        parse_url(url)  # type: ignore[no-untyped-call]
    except ValueError:  # its words may hold a part of the password
        raise ImproperlyConfigured(_FORMS) from None
    return {"BACKEND": backend, "LOCATION": url, "OPTIONS": _OPTIONS}


def _sentinel(url: str) -> dict[str, Any]:
    try:
        login, nodes, service, database = _parts(url)
    except ValueError:
        raise ImproperlyConfigured(_FORMS) from None
    options = {
        **_OPTIONS,
        "CLIENT_CLASS": "django_redis.client.SentinelClient",
        "CONNECTION_FACTORY": "django_redis.pool.SentinelConnectionFactory",
        "CONNECTION_POOL_CLASS": "redis.sentinel.SentinelConnectionPool",
        # Named once more: in a URL, capitals are lost.
        "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 0), "service_name": service},
        "SENTINELS": nodes,
        "SENTINEL_KWARGS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
    return {"LOCATION": f"redis://{login}{service}/{database}", "OPTIONS": options}


def _parts(url: str) -> tuple[str, list[tuple[str, int]], str, int]:
    """(`user:password@` or nothing, sentinels, service, database). Raises ValueError."""
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    service, _, database = parts.path.strip("/").partition("/")
    split = (host.rpartition(":") for host in hosts.split(","))
    nodes = [(host.strip("[]"), int(port)) for host, _, port in split]
    if not service or not all(host for host, _ in nodes):
        raise ValueError("no service, or no host")
    return login + at, nodes, service, int(database or 0)
