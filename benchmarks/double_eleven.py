"""A day of the mall's largest sale in some minutes: shoppers ask for codes along its curve while
all its notices drain.

    python -m benchmarks.double_eleven --minutes 12 --peak 60 --notices 1000000
    python -m benchmarks.double_eleven --processes 2 --apart      # RabbitMQ, a Redis Cluster

Prints, for each hour of that day, how many asked, how long the web took to answer, how long a code
took from its reservation until the platform (50 ms away, over TLS) had taken it, the longest queue,
and the notices that were left; and what each part of the product used of the processor. In the end
every phone must have exactly one text.
"""

import argparse
import multiprocessing
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from . import house, platform
from .load import LoadError, Run, drive

# Of the busiest hour, from midnight on: everybody waits for the sale to open. Made up.
CURVE = (
    *(1.0, 0.55, 0.25, 0.12, 0.07, 0.05, 0.08, 0.15, 0.3, 0.4, 0.5, 0.5),
    *(0.5, 0.45, 0.4, 0.4, 0.45, 0.45, 0.5, 0.6, 0.75, 0.8, 0.85, 0.9),
)
_A_CALL = 1000  # phones of a call of notify()
_FIRST_NOTICE = 5_000_000  # no phone gets a code and a notice


@dataclass
class Hour:
    web: Run
    depths: list[int] = field(default_factory=list)  # of the queue of codes, now and then
    notices_left: int = 0
    seconds: list[float] = field(default_factory=list)  # to the phone, sorted


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=12, help="that the day takes")
    parser.add_argument("--peak", type=float, default=60, help="codes a second, at midnight")
    parser.add_argument("--notices", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=1, help="of web and of each worker")
    parser.add_argument("--apart", action="store_true", help="RabbitMQ and a Redis Cluster")
    options = parser.parse_args()
    with house.running(options.processes, apart=options.apart) as running:
        before = running.spent()
        hours = _day(running, options.minutes * 60 / len(CURVE), options)
        spent = {part: seconds - before[part] for part, seconds in running.spent().items()}
        _print(hours)
        codes = sum(hour.web.requests for hour in hours)
        _check(running.platform, codes, options.notices)
        print(f"The last notice was out {_last_notice():.0f} seconds after the first.")
        print("Seconds of processor time:", *(f"{part} {s:.1f}," for part, s in spent.items()))
    return 0


def _day(running: house.House, hour_seconds: float, options: argparse.Namespace) -> list[Hour]:
    from . import calls

    feeder = multiprocessing.get_context("spawn").Process(target=_feed, args=(options.notices,))
    feeder.start()
    hours: list[Hour] = []
    with _sampled() as samples:
        for share in CURVE:
            rate = share * options.peak
            made = [call.raw for call in calls.sends(max(12, round(rate * hour_seconds)))]
            first = len(samples)
            hour = Hour(drive(running.ports, made, 202, rate))
            hour.depths, hour.notices_left = samples[first:] or [0], _queued("notice")
            hours.append(hour)
        feeder.join()
        _wait_until_all_are_out()
    _read_times(hours)
    return hours


def _feed(count: int) -> None:
    import django

    django.setup()
    from verifications.services import notify

    params = {"order": "D1111", "company": "顺丰", "number": "SF1"}
    for start in range(0, count, _A_CALL):
        first = _FIRST_NOTICE + start
        phones = [f"137{n:08d}" for n in range(first, first + min(_A_CALL, count - start))]
        notify(phones, "shipped", params)


@contextmanager
def _sampled() -> Iterator[list[int]]:
    """How many codes wait for a worker, looked at all the time."""
    samples: list[int] = []
    ended = threading.Event()
    thread = threading.Thread(target=_look, args=(samples, ended))
    thread.start()
    try:
        yield samples
    finally:
        ended.set()
        thread.join()


def _look(samples: list[int], ended: threading.Event) -> None:
    from verifications import outbox

    while not ended.wait(0.1):
        samples.append(outbox.waiting().messages)


def _queued(kind: str) -> int:
    from verifications.models import Message

    return int(Message.objects.filter(status="queued", kind=kind).count())


def _wait_until_all_are_out() -> None:
    from verifications import outbox

    ended = threading.Event()
    for _ in range(3600):
        if not outbox.waiting().messages + _queued("notice") + _queued("code"):
            return
        ended.wait(1)
    raise LoadError("not everything was sent within an hour")


def _tries(kind: str) -> Any:
    from verifications.models import DeliveryAttempt

    return DeliveryAttempt.objects.filter(message__kind=kind)


def _read_times(hours: Sequence[Hour]) -> None:
    """From the reservation in Redis until the platform had answered."""
    columns = ("message__created_at", "started_at", "latency_ms")
    rows = iter(_tries("code").order_by("message__created_at").values_list(*columns))
    for hour in hours:
        for _, (asked, tried, took) in zip(range(hour.web.requests), rows, strict=False):
            hour.seconds.append((tried - asked).total_seconds() + took / 1000)
        hour.seconds.sort()


def _last_notice() -> float:
    tries = _tries("notice").order_by("started_at").values_list("started_at", flat=True)
    first, last = tries.first(), tries.last()
    return float((last - first).total_seconds()) if first else 0.0


def _print(hours: Sequence[Hour]) -> None:
    print("hour   codes    /s   web p50   p99 ms   phone p50   p99  p99.9 ms   queue  notices left")
    for number, hour in enumerate(hours):
        print(f"{number:4d} {_line([hour])} {max(hour.depths):7d} {hour.notices_left:13,d}")
    print(f" all {_line(hours)} {max(max(hour.depths) for hour in hours):7d}")


def _line(hours: Sequence[Hour]) -> str:
    runs = [hour.web for hour in hours]
    asked = sum(run.requests for run in runs)
    web = sorted(one for run in runs for one in run.latencies)
    phone = sorted(one for hour in hours for one in hour.seconds)
    rate = asked / sum(run.seconds for run in runs)
    phones = f"{_ms(phone, 0.5):11.0f} {_ms(phone, 0.99):5.0f} {_ms(phone, 0.999):9.0f}"
    return f"{asked:7,d} {rate:5.1f} {_ms(web, 0.5):9.1f} {_ms(web, 0.99):8.1f} {phones}"


def _ms(ordered: Sequence[float], share: float) -> float:
    return ordered[int((len(ordered) - 1) * share)] * 1000


def _check(running: platform.Platform, codes: int, notices: int) -> None:
    counts = running.texts()
    if len(counts) != codes + notices or set(counts.values()) != {1}:
        wrong = sum(count != 1 for count in counts.values())
        raise LoadError(f"{len(counts)} phones were texted, {wrong} of them not once")
    print(f"{codes:,} codes and {notices:,} notices: every phone had exactly one text.")


if __name__ == "__main__":
    sys.exit(main())
