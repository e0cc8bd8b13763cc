"""No single flipped bit in what proves the account passes."""

from collections.abc import Iterable, Iterator

import pytest

from sandbox import Sandbox
from tests.sandbox.client import exchange
from tests.sandbox.vectors import VECTORS, Vector, flips


@pytest.fixture(params=VECTORS, ids=lambda vector: vector.name)
def vector(request: pytest.FixtureRequest) -> Vector:
    chosen: Vector = request.param
    return chosen


@pytest.fixture
def box(vector: Vector) -> Iterator[Sandbox]:
    with Sandbox(clock=lambda: vector.at) as running:
        yield running


def assert_all_refused(box: Sandbox, requests: Iterable[bytes], count: int) -> None:
    tried = 0
    for request in requests:
        status, body = exchange(box, request)
        assert status != 200 or b'"statusCode": "000000"' not in body, request
        tried += 1
    assert tried == count
    assert box.world.phones.messages() == []


def test_sig(box: Sandbox, vector: Vector) -> None:
    head = vector.target.removesuffix(vector.sig.encode())
    requests = (vector.raw(target=head + sig) for sig in flips(vector.sig.encode()))
    assert_all_refused(box, requests, 32 * 8)


def test_account_in_the_path(box: Sandbox, vector: Vector) -> None:
    sid = vector.account_sid.encode()
    requests = (vector.raw(target=vector.target.replace(sid, flip)) for flip in flips(sid))
    assert_all_refused(box, requests, 32 * 8)


def test_authorization(box: Sandbox, vector: Vector) -> None:
    requests = (vector.raw(authorization=flip) for flip in flips(vector.authorization))
    assert_all_refused(box, requests, len(vector.authorization) * 8)
