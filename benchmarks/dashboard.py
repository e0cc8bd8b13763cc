"""`python -m benchmarks.dashboard`: what the dashboard and the list of texts take with many texts.

A PostgreSQL of our own, in a directory that is gone afterwards: some six gigabytes for ten million
texts. docs/dashboard.md quotes it.
"""

import argparse
import os
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from . import servers

RUNS = 5
LIMIT_MS = 300  # of a panel


class Measured(NamedTuple):
    name: str
    milliseconds: float
    queries: list[tuple[str, Any]]  # with their parameters


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboard", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=90, help="that the texts are spread over")
    parser.add_argument("--plans", action="store_true", help="print each query's plan as well")
    options = parser.parse_args()
    with _world():
        from . import history

        started = time.perf_counter()
        history.write(options.rows, options.days)
        print(f"{options.rows:,} texts of {options.days} days, {_size()} with all indexes")
        print(f"written in {time.perf_counter() - started:.0f} s")
        _roll_up(options.days)
        found = [*_panels(), *_pages()]
        print(_table(found))
        print(f"a use case is counted in {_count_us():.1f} µs")
        if options.plans:
            for one in found:
                print(*_plans(one), sep="\n")


@contextmanager
def _world() -> Iterator[None]:
    """PostgreSQL, Valkey and Django on them; all of it gone in the end."""
    from tests.databases import postgresql

    with tempfile.TemporaryDirectory(prefix="dadashop-bench-") as name, postgresql() as url:
        servers.prepare_environment(Path(name))
        os.environ["DATABASE_URL"] = url
        with servers.valkey(Path(name), None):
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            yield


def _roll_up(days: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from verifications import rollups

    from . import history

    hours = rollups.hours_since(timezone.now() - days * 24 * rollups.HOUR)
    took = []
    for start in hours:
        started = time.perf_counter()
        rollups.roll(start)
        took.append((time.perf_counter() - started) * 1000)
    history.tally()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    print(f"{len(hours):,} hours summed up, {median(took):.0f} ms each, {sum(took) / 1000:.0f} s")


def _panels() -> Iterator[Measured]:
    from verifications import panels
    from verifications.admin import dashboard

    for days in (1, 90):
        of = panels.last_days(days)
        yield _measure(f"{days} d: tiles", partial(dashboard._tiles, of))
        for name, _title, make, _wide in dashboard._PANELS:
            yield _measure(f"{days} d: {name}", partial(make, of))


def _pages() -> Iterator[Measured]:
    """What operators open, from the request to the last byte."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    operator = get_user_model().objects.create_superuser("operator")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(operator)
    texts = "/admin/verifications/message/"
    searched = client.post(texts, {"q": _a_phone()}, headers={"host": "localhost"})["Location"]
    for name, url in (
        ("page: dashboard, 24 h", "/admin/verifications/hour/"),
        ("page: dashboard, 90 d", "/admin/verifications/hour/?range=90d"),
        ("page: texts", texts),
        ("page: texts, failed", f"{texts}?status__exact=failed"),
        ("page: texts, failed, all days", f"{texts}?status__exact=failed&days=all"),
        ("page: texts of a platform", f"{texts}?provider=aliyun"),
        ("page: texts of a phone", texts + searched),
    ):
        yield _measure(name, partial(_get, client, url))


def _get(client: Any, url: str) -> None:
    answer = client.get(url, headers={"host": "localhost"})
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status_code}")


def _a_phone() -> str:
    from verifications.models import Message

    return str(Message.objects.order_by("-created_at")[100].phone)


def _measure(name: str, act: Callable[[], object]) -> Measured:
    from django.db import connection

    queries: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            queries.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    took = []
    for _ in range(RUNS):
        started = time.perf_counter()
        act()
        took.append((time.perf_counter() - started) * 1000)
    return Measured(name, median(took), queries)


def _count_us() -> float:
    """What each call of send_code() and verify_code() takes longer for the tally."""
    from verifications import tally

    took = min(timeit.repeat(lambda: tally.add("verify_code", "login", "ok"), number=20_000))
    tally.forget()
    return took / 20_000 * 1e6


def _table(found: list[Measured]) -> str:
    lines = [f"{'panel or page':<32}{'queries':>8}{'ms':>8}"]
    for one in found:
        slow = one.milliseconds > LIMIT_MS and not one.name.startswith("page")
        over = "  over the limit" if slow else ""
        lines.append(f"{one.name:<32}{len(one.queries):>8}{one.milliseconds:>8.1f}{over}")
    return "\n".join(lines)


def _plans(one: Measured) -> Iterator[str]:
    from django.db import connection

    for sql, params in one.queries:
        yield f"\n-- {one.name}\n{sql}"
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
            yield from (row[0] for row in cursor.fetchall())


def _size() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        return str(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
