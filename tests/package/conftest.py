import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.package.pythons import cases
from tests.package.shop import UV, Shop, run


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that is made from it."""
    place = tmp_path_factory.mktemp("built")
    # By the flit_core that is here, so that this needs no network.
    ours = ["--no-build-isolation", "--python", sys.executable]
    run(UV, "build", "--quiet", *ours, "--out-dir", place)
    return place


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="session", params=cases())
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, wheel: Path
) -> Iterator[Shop]:
    """A new one for every Python and Django."""
    place = tmp_path_factory.mktemp("shop")
    yield Shop(place, wheel, *request.param)
    shutil.rmtree(place)  # thousands of files, which pytest would keep for its next runs
