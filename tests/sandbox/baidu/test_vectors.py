"""What the vendor's SDK signed is accepted, and with any single bit of it flipped it is not."""

from collections.abc import Iterable, Iterator

import pytest

from sandbox import Sandbox
from sandbox.baidu import Baidu
from tests.sandbox.baidu.vectors import VECTORS, Vector
from tests.sandbox.client import exchange
from tests.sandbox.vectors import flips

# The signature of the vectors is not this account's: past the authorization, that is the refusal.
SIGNED = (200, b'"code": "B:00008"')


@pytest.fixture(params=VECTORS, ids=lambda vector: vector.name)
def vector(request: pytest.FixtureRequest) -> Vector:
    chosen: Vector = request.param
    return chosen


@pytest.fixture
def box(vector: Vector) -> Iterator[Sandbox]:
    with Sandbox(clock=lambda: vector.at) as running:
        running.world.platforms = (Baidu(running.world, (vector.account,)),)
        yield running


def assert_all_refused(box: Sandbox, requests: Iterable[bytes], count: int) -> None:
    tried = 0
    for request in requests:
        status, body = exchange(box, request)
        assert 400 <= status < 500, (request, body)
        tried += 1
    assert tried == count


def test_all_vectors_are_there() -> None:
    assert {vector.name for vector in VECTORS} == {"send_single", "client_token_host_date"}


def test_accepted(box: Sandbox, vector: Vector) -> None:
    status, body = exchange(box, vector.raw())
    assert status == SIGNED[0]
    assert SIGNED[1] in body


def test_authorization(box: Sandbox, vector: Vector) -> None:
    right = vector.header("Authorization")
    assert_all_refused(
        box, (vector.raw(authorization=flip) for flip in flips(right)), len(right) * 8
    )


@pytest.mark.parametrize("name", ["Host", "x-bce-date"])
def test_signed_header(box: Sandbox, vector: Vector, name: str) -> None:
    right = vector.header(name)
    changes = ({name.lower().replace("-", "_"): flip} for flip in flips(right))
    assert_all_refused(box, (vector.raw(**change) for change in changes), len(right) * 8)


def test_target(box: Sandbox, vector: Vector) -> None:
    right = vector.target.encode()
    assert_all_refused(box, (vector.raw(target=flip) for flip in flips(right)), len(right) * 8)
