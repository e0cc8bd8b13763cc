"""`python -m benchmarks.scripts_time`: what a send and a right code cost Valkey itself.

`INFO commandstats` tells an EVALSHA's time, so neither the network nor Python is in it. Beside each
stands its floor, a script of only the commands that the operation cannot do without, and a script
that does nothing. docs/performance.md quotes it.
"""

import argparse
import itertools
import tempfile
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import Any

from . import servers

_ISSUE_FLOOR = """
redis.call('TIME')
redis.call('MGET', unpack(KEYS))
redis.call('SET', KEYS[1], string.rep('.', 80), 'PX', 86400000)
for i = 2, #KEYS do redis.call('SETRANGE', KEYS[i], 0, string.rep('.', 40)) end
return {'', 0, 0, 0, '', string.rep('.', 52), {}}
"""
_CHECK_FLOOR = """
redis.call('TIME')
redis.call('MGET', unpack(KEYS))
redis.call('SET', KEYS[1], string.rep('.', 25), 'PX', 1209600000)
for i = 2, #KEYS do redis.call('SETRANGE', KEYS[i], 16, '....') end
return 'ok'
"""

Spent = dict[str, float]  # microseconds a call


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scripts_time", description=__doc__)
    parser.add_argument("--phones", type=int, default=2000, help="of a round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dadashop-bench-") as directory:
        servers.prepare_environment(Path(directory))
        with servers.valkey(Path(directory), servers.cores().load):
            import django

            django.setup()
            rounds = measure(options.rounds, options.phones)
    _tell(rounds, "nothing", "nothing")
    for name in ("issue", "check"):
        _tell(rounds, f"{name}, floor", "nothing")
        _tell(rounds, name, f"{name}, floor")


def measure(rounds: int, phones: int) -> list[Spent]:
    """With Django set up, and a Valkey that nobody else uses."""
    _round(phones)  # whose scripts are new to Valkey
    return [_round(phones) for _ in range(rounds)]


def _round(count: int) -> Spent:
    """No two share a phone. As many again verify before, which leaves the guard at ease."""
    from verifications import codes, ledger, store

    from . import calls

    slot, marks = codes.slot(calls.PURPOSE), codes.marks()
    phones = [(f"+86{phone}", ip) for phone, ip in calls.phones(2 * count)]
    offers = [codes.new_challenge(phone, slot, 6) for phone, _ in phones]
    sends = [ledger.of_send(phone, ip, spare=False) for phone, ip in phones]
    guesses = [ledger.of_check(phone, ip) for phone, ip in phones]
    issues = [
        partial(store.issue, book, slot, marks=marks, offer=offer)
        for book, offer in zip(sends, offers, strict=True)
    ]
    checks = [
        partial(store.check, book, slot, [offer.digest])
        for book, offer in zip(guesses, offers, strict=True)
    ]
    _spent(itertools.chain(*zip(issues[::2], checks[::2], strict=True)))
    # The phone, its address, its segment, everyone: apart from those of the real ones.
    keys = [[f"floor:{key}" for key in (*book.names, *book.shared)] for book in sends[1::2]]
    return {
        "nothing": _spent(partial(_script("return 1"), of) for of in keys),
        "issue, floor": _spent(partial(_script(_ISSUE_FLOOR), of) for of in keys),
        "issue": _spent(issues[1::2]),
        "check, floor": _spent(partial(_script(_CHECK_FLOOR), of[:3]) for of in keys),
        "check": _spent(checks[1::2]),
    }


@cache
def _script(source: str) -> Any:
    from django_redis import get_redis_connection

    return get_redis_connection().register_script(source)


def _spent(operations: Iterable[Callable[[], Any]]) -> float:
    from django_redis import get_redis_connection

    redis = get_redis_connection()
    redis.config_resetstat()
    for operation in operations:
        operation()
    return float(redis.info("commandstats")["cmdstat_evalsha"]["usec_per_call"])


def _tell(rounds: list[Spent], name: str, beside: str) -> None:
    times = [spent[name] for spent in rounds]
    ratio = median(spent[name] / spent[beside] for spent in rounds)
    spread = f"{min(times):.2f} to {max(times):.2f}"
    print(f"{name:13} {median(times):6.2f} us ({spread}), {ratio:.2f} x {beside}")


if __name__ == "__main__":
    main()
