"""A process that texts notices and waits until every row is settled:

    python -m benchmarks.caller MESSAGES FIRST_PHONE PHONES_A_CALL

With one phone a call every text is another, given to services.notify_each a thousand at a time;
else each call of services.notify has that many phones. Prints {"seconds", "cpu_seconds"}: from the
first call to the last row settled; of this process, until all is in the queue.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence

import django

_A_CALL = 1000  # phones
_PATIENCE = 600  # seconds


def main(count: int, first: int, phones_a_call: int) -> int:
    django.setup()
    from verifications.models import Message

    before = Message.objects.count()
    phones = [f"137{first + n:08d}" for n in range(count)]
    started, cpu = time.perf_counter(), time.process_time()
    _alike(phones, phones_a_call) if phones_a_call > 1 else _one_by_one(phones)
    cpu = time.process_time() - cpu
    while Message.objects.filter(status=Message.Status.QUEUED).exists():
        if time.perf_counter() - started > _PATIENCE:
            break
        time.sleep(0.02)
    seconds = time.perf_counter() - started
    statuses = Counter(Message.objects.values_list("status", flat=True))
    if statuses != {"sent": before + count}:
        print(f"not all were sent: {dict(statuses)}", file=sys.stderr)
        return 1
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu}))
    return 0


def _one_by_one(phones: Sequence[str]) -> None:
    from verifications.services import notify_each

    for start in range(0, len(phones), _A_CALL):
        rows = [(phone, _params(phone)) for phone in phones[start : start + _A_CALL]]
        notify_each("shipped", rows)


def _alike(phones: Sequence[str], phones_a_call: int) -> None:
    from verifications.services import notify

    for start in range(0, len(phones), phones_a_call):
        notify(phones[start : start + phones_a_call], "shipped", _params("1"))


def _params(number: str) -> dict[str, str]:
    return {"order": "D1001", "company": "顺丰", "number": f"SF{number}"}


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
