"""Statements as the product sends them, each with the plan that PostgreSQL runs it by."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import IntegrityError

_STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
_LOG = re.compile(r"\bverifications_(message|deliveryattempt|earlyreceipt|idempotencykey)")


@dataclass(frozen=True)
class Scan:
    """One table or partition, and how many of its rows were looked at."""

    kind: str
    table: str
    rows: float

    @property
    def empty(self) -> bool:
        """Of a partition without a row PostgreSQL reads all, which is nothing."""
        return self.kind == "Seq Scan" and not self.rows


@dataclass(frozen=True)
class Explained:
    step: str
    sql: str
    plan: dict[str, Any]

    def __str__(self) -> str:
        """What is done to which tables, and under which condition."""
        plain = self.sql.replace('"', "")
        tables = ", ".join(dict.fromkeys(_LOG.findall(plain)))
        _, _, condition = _LOG.sub(r"\1", " ".join(plain.split())).partition(" WHERE ")
        return f"{plain.split(maxsplit=1)[0]} {tables} {condition}"

    @property
    def ms(self) -> float:
        """To plan it and to run it."""
        return float(self.plan["Planning Time"] + self.plan["Execution Time"])

    @property
    def pages(self) -> int:
        """Of 8 kB, from the server's memory or from disk."""
        top = self.plan["Plan"]
        return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])

    @property
    def scans(self) -> list[Scan]:
        """Of the log, where the planner has not left them out."""
        return [
            Scan(node["Node Type"], node["Relation Name"], _looked_at(node))
            for node in _nodes(self.plan["Plan"])
            if "Scan" in node["Node Type"] and _LOG.match(node.get("Relation Name", ""))
        ]

    @property
    def lines(self) -> Iterator[str]:
        """What was run of the plan."""
        yield from _lines(self.plan["Plan"], "")


def _lines(node: dict[str, Any], margin: str) -> Iterator[str]:
    if not node["Actual Loops"]:
        return
    of = " ".join(node[name] for name in ("Index Name", "Relation Name") if name in node)
    pages = node["Shared Hit Blocks"] + node["Shared Read Blocks"]
    yield f"{margin}{node['Node Type']} {of}: {_looked_at(node):.0f} rows, {pages} pages"
    for child in node.get("Plans", []):
        yield from _lines(child, f"{margin}  ")


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _looked_at(node: dict[str, Any]) -> float:
    removed = node.get("Rows Removed by Filter", 0)
    return float(node["Actual Loops"] * (node["Actual Rows"] + removed))


@contextmanager
def explained(step: str, found: list[Explained]) -> Iterator[None]:
    """Whatever is asked of the log meanwhile joins `found`: explained in the moment before it
    is run, with its own values, so that it finds what it is there for; what the explaining writes
    is rolled back."""

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(_STATEMENTS) and _LOG.search(sql):
            with suppress(IntegrityError):  # as it is about to be told again, and is an answer
                plan = _plan(context["connection"].connection, sql, params[0] if many else params)
                found.append(Explained(step, sql, plan))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield


def _plan(driver: Any, sql: str, params: Any) -> dict[str, Any]:
    with driver.transaction(force_rollback=True), driver.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        found: dict[str, Any] = cursor.fetchone()[0][0]
        return found
