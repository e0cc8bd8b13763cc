"""REDIS_URL -> an entry of Django's CACHES."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

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
    if url.split("://")[0] in {"redis", "rediss", "unix"}:
        return {"BACKEND": backend, "LOCATION": url, "OPTIONS": _OPTIONS}
    raise ImproperlyConfigured("REDIS_URL: redis://, rediss://, unix:// or redis+sentinel://")


def _sentinel(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    login, _, hosts = parts.netloc.rpartition("@")
    service, _, database = parts.path.strip("/").partition("/")
    if not service:
        raise ImproperlyConfigured("REDIS_URL: redis+sentinel://host:port[,host:port]/service[/db]")
    nodes = [host.rpartition(":") for host in hosts.split(",")]
    location = f"redis://{login + '@' if login else ''}{service}/{database or 0}"
    options = {
        **_OPTIONS,
        "CLIENT_CLASS": "django_redis.client.SentinelClient",
        "CONNECTION_FACTORY": "django_redis.pool.SentinelConnectionFactory",
        "CONNECTION_POOL_CLASS": "redis.sentinel.SentinelConnectionPool",
        "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 0)},
        "SENTINELS": [(host, int(port)) for host, _, port in nodes],
        "SENTINEL_KWARGS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
    return {"LOCATION": location, "OPTIONS": options}
