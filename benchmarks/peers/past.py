"""`python -m benchmarks.peers.past PHONES`: so many earlier phones were texted a code each.

The codes stand in Redis as a send leaves them; the texts' rows are written by PostgreSQL itself,
which takes seconds instead of minutes.
"""

import sys
from unittest.mock import patch

import django

from .phones import EARLIER, shoppers

_DAYS = 30  # that the texts are spread over


def main(count: int) -> None:
    django.setup()
    from benchmarks import history
    from verifications import outgoing
    from verifications.services import send_code

    history.write(count, _DAYS)
    with patch.object(outgoing, "send"):
        for shopper in shoppers(EARLIER, 0, count):
            send_code(shopper.phone, "login", ip=shopper.address)


if __name__ == "__main__":
    main(int(sys.argv[1]))
