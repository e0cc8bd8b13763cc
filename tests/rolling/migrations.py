"""Which operations of a migration can run while the version before it still serves: what it writes
has to be taken, what it reads to be there, and no table held for as long as it is long."""

from collections.abc import Iterator, Sequence

from django.contrib.postgres import operations as postgresql
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.models.fields import NOT_PROVIDED

# Change nothing in the database, or only what is theirs.
_SAFE = (
    migrations.CreateModel,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterModelTableComment,
    postgresql.AddIndexConcurrently,
    postgresql.RemoveIndexConcurrently,
    postgresql.AddConstraintNotValid,
    postgresql.ValidateConstraint,
)


def unsafe(operations: Sequence[Operation]) -> list[str]:
    """Those that are not known to be online-safe, as Django describes them."""
    return [operation.describe() for operation in _unsafe(operations, set())]


def _unsafe(operations: Sequence[Operation], made: set[str]) -> Iterator[Operation]:
    """`made` are the models that the same migration makes: nobody uses them yet."""
    for operation in operations:
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
        elif isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _unsafe(operation.database_operations, made)
        elif not (_is_of(operation, made) or isinstance(operation, _SAFE) or _adds(operation)):
            yield operation


def _is_of(operation: Operation, made: set[str]) -> bool:
    name = getattr(operation, "model_name", None)
    return isinstance(name, str) and name.lower() in made


def _adds(operation: Operation) -> bool:
    """A column that the version before need not name when it writes a row."""
    if not isinstance(operation, migrations.AddField) or not isinstance(operation, FieldOperation):
        return False
    field = operation.field
    if isinstance(field, models.ManyToManyField):
        return True
    return not field.unique and (field.null or field.db_default is not NOT_PROVIDED)
