"""`manage.py doctor`: is everything there that a text needs?"""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from verifications import conf, exceptions, providers, store
from verifications.providers import Check


class Command(BaseCommand):
    help = (
        "Checks Redis, the database, the queue and every platform's account, balance and "
        "templates. One line each; exit code 1 if one fails."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        for check in _checks():
            failed = failed or not check.ok
            word = self.style.SUCCESS("ok  ") if check.ok else self.style.ERROR("FAIL")
            self.stdout.write(f"{word} {check.name}: {check.detail}")
        if failed:
            raise SystemExit(1)


def _checks() -> Iterator[Check]:
    yield _redis()
    yield _database()
    yield Check("queue", ok=True, detail="none: texts go out inside the request")
    settings = conf.get()
    for provider in providers.in_order():
        ids = {of[provider.name] for of in settings.templates.values() if provider.name in of}
        for check in provider.check(sorted(ids)):
            yield Check(f"{provider.name} {check.name}", check.ok, check.detail)


def _redis() -> Check:
    try:
        store.ping()
    except exceptions.Unavailable as error:
        return Check("redis", ok=False, detail=f"{type(error.__cause__).__name__}; check REDIS_URL")
    return Check("redis", ok=True, detail="answers")


def _database() -> Check:
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        return Check("database", ok=False, detail=f"{type(error).__name__}; check DATABASE_URL")
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return Check("database", ok=False, detail="tables are missing; run manage.py migrate")
    return Check("database", ok=True, detail=connection.vendor)
