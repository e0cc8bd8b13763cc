"""REDIS_URL -> an entry of Django's CACHES."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.retry import Retry

from verifications.cluster import ClusterConnection, Nodes

_FORMS = (
    "REDIS_URL: redis://host:port/db, rediss://, unix://path, "
    "redis+cluster://host:port[,host:port] "
    "or redis+sentinel://host:port[,host:port]/service[/db]"
)
_POOL = {
    "max_connections": 50,
    "timeout": 1,
    # A script that timed out may have run, so it is never sent again behind our back.
    "retry": Retry(NoBackoff(), 0),
}
_OPTIONS = {
    "SOCKET_CONNECT_TIMEOUT": 1,
    "SOCKET_TIMEOUT": 1,
    # A thread that finds every connection busy waits for one, as long as for an answer.
    "CONNECTION_POOL_CLASS": "redis.BlockingConnectionPool",
    "CONNECTION_POOL_KWARGS": _POOL,
}
_Nodes = list[tuple[str, int]]


def cache_of(url: str, data_dir: Path) -> dict[str, Any]:
    """`redis://`, `rediss://` and `unix://` as redis-py reads them; empty for the embedded Valkey.

    `redis+sentinel://host:26379,host2:26379/mymaster/0` asks the sentinels for the master,
    `redis+cluster://host:6379,host2:6379` the nodes of a cluster.
    """
    backend = "django_redis.cache.RedisCache"
    if not url:
        options = {**_OPTIONS, "DATA_DIR": data_dir}
        options["CONNECTION_FACTORY"] = "dadashop.embedded.EmbeddedConnectionFactory"
        return {"BACKEND": backend, "LOCATION": "embedded://", "OPTIONS": options}
    for scheme, read in (("redis+sentinel://", _sentinel), ("redis+cluster://", _cluster)):
        if url.startswith(scheme):
            try:
                return {"BACKEND": backend, **read(url)}
            except ValueError:
                raise ImproperlyConfigured(_FORMS) from None
    try:
        parse_url(url)  # type: ignore[no-untyped-call]
    except ValueError:  # its words may hold a part of the password
        raise ImproperlyConfigured(_FORMS) from None
    return {"BACKEND": backend, "LOCATION": url, "OPTIONS": _OPTIONS}


def is_replaced(url: str) -> bool:
    """Whether another server may take over from the one in use."""
    return url.startswith(("redis+sentinel://", "redis+cluster://"))


def _sentinel(url: str) -> dict[str, Any]:
    login, nodes, path = _parts(url)
    service, _, database = path.partition("/")
    if not service:
        raise ValueError("no service")
    options = {
        **_OPTIONS,
        "CLIENT_CLASS": "django_redis.client.SentinelClient",
        "CONNECTION_FACTORY": "django_redis.pool.SentinelConnectionFactory",
        "CONNECTION_POOL_CLASS": "redis.sentinel.SentinelConnectionPool",
        # Named once more: in a URL, capitals are lost.
        "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 0), "service_name": service},
        "SENTINELS": nodes,
        "SENTINEL_KWARGS": {
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
            "retry": Retry(NoBackoff(), 0),  # the next one is asked instead
        },
    }
    return {"LOCATION": f"redis://{login}{service}/{int(database or 0)}", "OPTIONS": options}


def _cluster(url: str) -> dict[str, Any]:
    login, nodes, path = _parts(url)
    if path not in ("", "0"):
        raise ValueError("a cluster has but one database")
    pool = {**_POOL, "connection_class": ClusterConnection, "nodes": Nodes(nodes)}
    host, port = nodes[0]
    host = f"[{host}]" if ":" in host else host
    options = {**_OPTIONS, "CONNECTION_POOL_KWARGS": pool}
    return {"LOCATION": f"redis://{login}{host}:{port}", "OPTIONS": options}


def _parts(url: str) -> tuple[str, _Nodes, str]:
    """(`user:password@` or nothing, addresses, path without its first `/`). Raises ValueError."""
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    split = (host.rpartition(":") for host in hosts.split(","))
    nodes = [(host.strip("[]"), int(port)) for host, _, port in split]
    if not all(host for host, _ in nodes) or parts.query:
        raise ValueError("no host, or options")
    return login + at, nodes, parts.path.strip("/")
