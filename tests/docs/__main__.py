"""`python -m tests.docs [PAGE ...]`: spoils each code block of the docs, and runs its test.

The test has to fail, or it does not run the block. 1 where one passes; some ten minutes.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence

from tests.docs.claims import BLOCKS, Block
from tests.docs.pages import named_test
from tests.live import ROOT


def main(pages: Sequence[str]) -> int:
    claims = [claim for claim in _claims() if not pages or claim[0] in pages]
    wrong = 0
    for page, number, block in claims:
        if told := with_spoilt(f"{page}#{number}", block.test):
            wrong += 1
            _say(f"{page}, block {number + 1}: {told}")
    _say(f"{len(claims) - wrong} of {len(claims)} claims hold.")
    return int(bool(wrong))


def _claims() -> Iterator[tuple[str, int, Block]]:
    for page, claimed in BLOCKS.items():
        yield from ((page, number, block) for number, block in enumerate(claimed))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def with_spoilt(block: str, test: str) -> str:
    """What is wrong with the claim that the test runs it; "" where it failed, as it should."""
    options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, named_test(test)],
        cwd=ROOT,
        env={**os.environ, "SPOILT_BLOCK": block},
        capture_output=True,
        text=True,
    )
    last = (done.stdout.strip() or done.stderr.strip()).splitlines()[-1]
    noticed = done.returncode and re.search(r"\d+ (failed|error)", last)
    return "" if noticed else f"{test} does not notice: {last}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
