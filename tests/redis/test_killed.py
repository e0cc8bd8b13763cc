"""A master is killed under load: another takes over, and what is promised holds."""

from collections.abc import Callable

import pytest

from tests.conftest import Configure, Use
from tests.redis.clusters import cluster
from tests.redis.load import kill_under_load
from tests.redis.sentinels import sentinels

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

NewPhone = Callable[[], str]
LIMIT = 300


@pytest.fixture(autouse=True)
def _one_limit(configure: Configure) -> None:
    configure(GLOBAL_LIMITS=[[LIMIT, 3600]], CAPTCHA="never", REDIS_REPLICAS=1)


def test_in_a_cluster(use: Use, new_phone: NewPhone) -> None:
    with cluster(timeout=1) as nodes:
        use(nodes.url)
        kill_under_load(nodes.master().kill, new_phone, LIMIT)


def test_behind_sentinels(use: Use, new_phone: NewPhone) -> None:
    with sentinels() as nodes:
        use(nodes.url)
        kill_under_load(nodes.master().kill, new_phone, LIMIT)
