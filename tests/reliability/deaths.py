"""When workers are killed (SIGKILL) or frozen: at which step of a send, and how often.

| step                   | what has happened by then                                        |
|------------------------|------------------------------------------------------------------|
| frozen before the call | as below; it wakes up when its lease has run out, and goes on    |
| killed before the call | the attempt is written, the request is not sent                  |
| killed during the call | the request is with the platform, its answer is not read         |
| ... after the answer   | the answer is read, nothing of it is written                     |
| ... before the commit  | all of it is written, and not committed                          |
| ... after the commit   | it is committed, and the task is not acknowledged                |

How often is a directory of files, one for each death that is left; of two workers that look at
once, one has it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STEPS = (
    "frozen before the call",
    "killed before the call",
    "killed during the call",
    "killed after the answer",
    "killed before the commit",
    "killed after the commit",
)
SINGLES, BATCHES = "single", "batch"  # a death over a text to one phone, or to several


def allot(place: Path, singles: int, batches: int) -> None:
    """A new directory of so many deaths."""
    place.mkdir()
    for kind, number in ((SINGLES, singles), (BATCHES, batches)):
        for death in range(number):
            (place / f"{kind}-{death}").touch()


def take(place: Path, kind: str) -> bool:
    """Whether there was one left."""
    for death in sorted(place.glob(f"{kind}-*")):
        try:
            death.unlink()
        except FileNotFoundError:
            continue
        return True
    return False


@contextmanager
def asleep(place: Path, name: str) -> Iterator[None]:
    """For as long as `name` has to be waited for."""
    mark = place / f"asleep-{name}"
    mark.touch()
    try:
        yield
    finally:
        mark.unlink()


def sleepers(place: Path) -> bool:
    return any(place.glob("asleep-*"))
