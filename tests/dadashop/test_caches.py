"""REDIS_URL: each kind carries a code all the way, and what is none is said plainly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import trustme
from django.core.exceptions import ImproperlyConfigured

from dadashop.caches import cache_of
from dadashop.embedded import EmbeddedValkey
from tests.conftest import Use
from tests.dadashop import servers
from verifications.exceptions import CodeExpired, Cooldown, Unavailable
from verifications.services import exchange_code, redeem_proof, send_code, verify_code

pytestmark = pytest.mark.django_db

LastCode = Callable[[], str]


@pytest.fixture
def round_trip(phone: str, last_code: LastCode) -> Callable[[], None]:
    """Every operation on Redis: send, refuse, verify, consume, prove, spend."""

    def run() -> None:
        send_code(phone, "pickup", ip="203.0.113.7")
        with pytest.raises(Cooldown):
            send_code(phone, "pickup")
        outcome: Any = exchange_code(phone, "pickup", last_code())
        with pytest.raises(CodeExpired):
            verify_code(phone, "pickup", last_code())
        assert redeem_proof(phone, "pickup", outcome.proof) == "+86" + phone
        with pytest.raises(CodeExpired):
            redeem_proof(phone, "pickup", outcome.proof)

    return run


def test_redis(use: Use, round_trip: Callable[[], None], tmp_path: Path) -> None:
    with servers.master(tmp_path / "redis") as port:
        use(f"redis://127.0.0.1:{port}/3")
        round_trip()


def test_redis_with_a_password(use: Use, round_trip: Callable[[], None], tmp_path: Path) -> None:
    password = "p@ss:w/rd#1"
    with servers.master(tmp_path / "redis", password=password) as port:
        use(f"redis://:{quote(password, safe='')}@127.0.0.1:{port}/0")
        round_trip()
        use(f"redis://:wrong@127.0.0.1:{port}/0")
        with pytest.raises(Unavailable):
            round_trip()


def test_a_unix_socket(use: Use, round_trip: Callable[[], None], tmp_path: Path) -> None:
    valkey = EmbeddedValkey(tmp_path)
    use(f"unix://{valkey.ensure_running()}?db=2")
    round_trip()
    valkey.stop()


def test_tls(use: Use, round_trip: Callable[[], None], tmp_path: Path) -> None:
    authority = trustme.CA()
    with (
        authority.cert_pem.tempfile() as trusted,
        servers.master(tmp_path / "redis") as port,
        servers.tls(authority, port) as tls_port,
    ):
        patience = "socket_timeout=10&socket_connect_timeout=10"  # a handshake is work
        use(f"rediss://localhost:{tls_port}/0?ssl_ca_certs={trusted}&{patience}")
        round_trip()


def test_tls_of_an_authority_that_we_do_not_trust(
    use: Use, round_trip: Callable[[], None], tmp_path: Path
) -> None:
    with (
        servers.master(tmp_path / "redis") as port,
        servers.tls(trustme.CA(), port) as tls_port,
    ):
        use(f"rediss://localhost:{tls_port}/0")
        with pytest.raises(Unavailable):
            round_trip()


@pytest.mark.parametrize("password", ["", "s3cret"])
def test_sentinel(password: str, use: Use, round_trip: Callable[[], None], tmp_path: Path) -> None:
    service = f"Mall-{password or 'open'}"
    with (
        servers.master(tmp_path / "master", password=password) as port,
        servers.sentinel(tmp_path / "sentinel", service, port, password) as client,
    ):
        login = f":{password}@" if password else ""
        away = "127.0.0.1:1"  # the first sentinel asked is not there
        address = f"127.0.0.1:{client.connection_pool.connection_kwargs['port']}"
        use(f"redis+sentinel://{login}{away},{address}/{service}/2")
        round_trip()


def test_sentinel_names_another_master(
    use: Use, phone: str, last_code: LastCode, tmp_path: Path
) -> None:
    with servers.master(tmp_path / "old") as old:
        pass  # it is gone when it is asked for
    with (
        servers.master(tmp_path / "new") as new,
        servers.sentinel(tmp_path / "sentinel", "moving", old) as client,
    ):
        address = f"127.0.0.1:{client.connection_pool.connection_kwargs['port']}"
        use(f"redis+sentinel://{address}/moving")
        with pytest.raises(Unavailable):
            send_code(phone, "pickup")
        client.sentinel_remove("moving")
        client.sentinel_monitor("moving", "127.0.0.1", new, 1)
        send_code(phone, "pickup")
        assert verify_code(phone, "pickup", last_code())


def test_a_service_that_the_sentinel_does_not_know(
    use: Use, round_trip: Callable[[], None], tmp_path: Path
) -> None:
    with (
        servers.master(tmp_path / "master") as port,
        servers.sentinel(tmp_path / "sentinel", "mall", port) as client,
    ):
        port = client.connection_pool.connection_kwargs["port"]
        use(f"redis+sentinel://127.0.0.1:{port}/another")
        with pytest.raises(Unavailable):
            round_trip()


@pytest.mark.parametrize(
    "url",
    [
        "http://:s3cret@redis.example:6379",
        "redis:/:s3cret@redis.example",
        "redis.example:6379?s3cret",
        "REDIS//s3cret",
        "redis+cluster://:s3cret@redis.example",
        "redis+cluster://:s3cret@redis.example:port",
        "redis+cluster://:s3cret@redis.example:6379,",
        "redis+cluster://:s3cret@redis.example:6379/1",  # it has but one database
        "redis+cluster://:s3cret@redis.example:6379?ssl=true",
        "redis+cluster://",
        "redis+sentinel://:s3cret@redis.example:26379",
        "redis+sentinel://:s3cret@redis.example:26379/",
        "redis+sentinel://:s3cret@redis.example/mall",
        "redis+sentinel://:s3cret@redis.example:port/mall",
        "redis+sentinel://:s3cret@redis.example:26379,/mall",
        "redis+sentinel://:s3cret@redis.example:26379/mall/x",
        "redis+sentinel://:s3cret@redis.example:26379/mall?ssl=true",
        "redis+sentinel:///mall?s3cret",
        "redis://:s3cret@redis.example:port/0",
        "redis://:s3/cret@redis.example:6379/0",
        "redis://:s3cret@[redis.example:6379/0",
    ],
)
def test_anything_else_is_refused_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^REDIS_URL: ") as refusal:
        cache_of(url, tmp_path)
    assert "redis+sentinel://" in str(refusal.value)
    assert "redis+cluster://" in str(refusal.value)
    assert "s3" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
