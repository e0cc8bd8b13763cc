"""Texts of the past, made by PostgreSQL itself: ten million of them in minutes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from verifications import partitions

_CHUNK = 250_000
# As verifications/ids.py makes them, of any moment.
_IDS = """
CREATE OR REPLACE FUNCTION pg_temp.uuid7(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
SELECT (left(ms, 8) || '-' || right(ms, 4) || '-7' || right(gen_random_uuid()::text, 21))::uuid
FROM lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') AS ms
$$
"""
# Most are codes, nine of ten arrive, each has one try; times are drawn so that few are long.
_WRITE = """
WITH drawn AS (
    SELECT n, random() AS chance, random() AS fate,
        now() - interval '1 day' * (%(days)s * n::float8 / %(rows)s) AS at
    FROM generate_series(%(first)s::bigint, %(last)s) AS n
), written AS (
    INSERT INTO verifications_message (id, phone, kind, template, params, withheld, challenge,
        status, reason, created_at, expires_at, updated_at, due_at, rounds)
    SELECT pg_temp.uuid7(at),
        '+861' || (ARRAY['38', '39', '50', '58', '86', '85', '89', '80', '92', '70'])[1 + n %% 10]
            || lpad(floor(random() * 1e8)::int::text, 8, '0'),
        CASE WHEN chance < 0.8 THEN 'code' WHEN chance < 0.9 THEN 'pickup' ELSE 'notice' END,
        CASE WHEN chance < 0.6 THEN 'login' WHEN chance < 0.8 THEN 'register'
            WHEN chance < 0.9 THEN 'pickup_code' ELSE 'shipped' END,
        '{}', '', '',
        CASE WHEN fate < 0.9 THEN 'delivered' WHEN fate < 0.95 THEN 'undelivered'
            WHEN fate < 0.98 THEN 'sent' ELSE 'failed' END,
        '', at, at + interval '1 hour', at, at, 0
    FROM drawn
    RETURNING id, status, created_at
)
INSERT INTO verifications_deliveryattempt (id, message_id, provider, request_id,
    provider_message_id, outcome, code, latency_ms, started_at, arrival, arrival_code, arrived_at)
SELECT pg_temp.uuid7(created_at), id, CASE WHEN random() < 0.8 THEN 'cloopen' ELSE 'aliyun' END,
    replace(gen_random_uuid()::text, '-', ''), replace(gen_random_uuid()::text, '-', ''),
    CASE status WHEN 'failed' THEN 'rejected' ELSE 'sent' END,
    CASE status WHEN 'failed' THEN '160042' ELSE '' END,
    (60 / (0.02 + random()))::int, created_at,
    CASE WHEN status IN ('delivered', 'undelivered') THEN status ELSE '' END,
    CASE status WHEN 'undelivered' THEN 'MK:0012' WHEN 'delivered' THEN 'DELIVRD' ELSE '' END,
    CASE WHEN status IN ('delivered', 'undelivered')
        THEN created_at + interval '1 second' * (3 / (0.005 + random())) END
FROM written
"""

# Notices that a dead worker left, a hundred a request, with its tries still open; reports that
# nobody has claimed, and keys of callers.
_WAIT = (
    """
WITH written AS (
    INSERT INTO verifications_message (id, phone, kind, template, params, withheld, challenge,
        status, reason, created_at, expires_at, updated_at, due_at, rounds)
    SELECT pg_temp.uuid7(now()), '+86137' || lpad(n::text, 8, '0'), 'notice', 'shipped',
        '{"order": "D1", "company": "SF", "number": "SF1"}', '', '', 'queued', '', now(),
        now() + interval '1 day', now(), now() - interval '1 millisecond' * n, 0
    FROM generate_series(1, %(rows)s) AS n
    RETURNING id, phone
)
INSERT INTO verifications_deliveryattempt (id, message_id, provider, request_id,
    provider_message_id, outcome, code, started_at, arrival, arrival_code)
SELECT pg_temp.uuid7(now()), id, 'locmem', md5((right(phone, 8)::int / 100)::text), '', 'open', '',
    now(), '', ''
FROM written
""",
    """
INSERT INTO verifications_earlyreceipt (provider, message_id, phone, delivered, code, received_at)
SELECT 'locmem', md5(n::text), '+86139' || lpad(n::text, 8, '0'), true, 'DELIVRD',
    now() - interval '23 hours' * (n::float8 / %(rows)s)
FROM generate_series(1, %(rows)s) AS n
""",
    """
INSERT INTO verifications_idempotencykey (digest, fingerprint, answer, expires_at)
SELECT md5(n::text) || md5(n::text), md5(n::text), '[]', now() + interval '1 day'
FROM generate_series(1, %(rows)s) AS n
""",
)

# What was asked for and refused: five purposes, a dozen outcomes, whatever was sent.
_TALLIED = """
INSERT INTO verifications_hourlycount (hour_id, series, name, outcome, count)
SELECT start, series, 'purpose' || purpose, CASE outcome WHEN 0 THEN 'ok' ELSE 'o' || outcome END, 7
FROM verifications_hour, unnest(ARRAY['send_code', 'verify_code']) AS series,
    generate_series(1, 5) AS purpose, generate_series(0, 11) AS outcome
"""


def tally() -> None:
    """What Redis would have counted in the hours that are summed up."""
    with connection.cursor() as cursor:
        cursor.execute(_TALLIED)


def write(rows: int, days: int) -> None:
    """So many texts of the last days, and as many tries; into empty tables."""
    for day in range(days + 1):
        partitions.make(timezone.now() - timedelta(days=day))
    with connection.cursor() as cursor:
        cursor.execute(_IDS)
        with _without_indexes(cursor), tqdm(total=rows, unit=" texts", disable=None) as bar:
            for first in range(1, rows + 1, _CHUNK):
                last = min(rows, first + _CHUNK - 1)
                span = {"rows": rows, "days": days, "first": first, "last": last}
                cursor.execute(_WRITE, span)
                bar.update(last - first + 1)
        for table in partitions.TABLES:
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def write_waiting(rows: int) -> None:
    """So many texts that are waiting to be sent, reports that nobody has claimed, and keys."""
    with connection.cursor() as cursor:
        cursor.execute(_IDS)
        for statement in _WAIT:
            cursor.execute(statement, {"rows": rows})
        cursor.execute("VACUUM (ANALYZE)")


@contextmanager
def _without_indexes(cursor: Any) -> Iterator[None]:
    """They are made in the end, which is faster; but for those of the primary keys."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
        " AND indexname NOT LIKE '%%_pkey'",
        [list(partitions.TABLES)],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, definition in indexes:
        cursor.execute(definition.replace(" ON ONLY ", " ON "))  # all partitions of it
