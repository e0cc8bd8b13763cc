from collections.abc import Iterator

import pytest

from tests.conftest import Configure, Use
from tests.redis.clusters import Cluster, cluster


@pytest.fixture(scope="module")
def nodes() -> Iterator[Cluster]:
    """A cluster for a file's tests, which leave it whole."""
    with cluster() as made:
        yield made


@pytest.fixture
def in_cluster(nodes: Cluster, use: Use, configure: Configure) -> Cluster:
    """All of it is named, and in use."""
    use(nodes.url)
    configure(REDIS_REPLICAS=1)
    return nodes
