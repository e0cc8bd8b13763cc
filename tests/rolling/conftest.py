from collections.abc import Iterator

import pytest

from tests.deploy.proxy import NGINX
from tests.rolling.house import House


@pytest.fixture(scope="package")
def needs_nginx() -> None:
    if not NGINX:
        pytest.skip("there is no nginx")


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, needs_nginx: None) -> Iterator[House]:
    """Texts go out inside the request."""
    house = House(tmp_path_factory.mktemp("house"))
    with house.running():
        yield house
