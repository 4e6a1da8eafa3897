"""What an administrator with rights over the database can do: switch the triggers off and write SQL."""

import contextlib

from django.db import connection

from shop.audit import triggers
from shop.audit.models import AuditEntry
from shop.audit.services import entry_add

COLUMNS = ("scope", "position", "at", "by", "action", "subject", "before", "after", "previous_hash", "hash")


def sql(statement: str, *values) -> int:
    """Run one statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


@contextlib.contextmanager
def triggers_off():
    """Nothing refuses; afterwards everything looks as before."""
    for statement in triggers.removing(connection.vendor):
        sql(statement)
    yield
    for statement in triggers.making(connection.vendor):
        sql(statement)


def entries(number: int, scope: str = "market") -> list[AuditEntry]:
    """That many entries, in one transaction."""
    return [
        entry_add(action="price.set", subject=f"listing:{n}", by="kế toán", scope=scope, after={"price": 1_000 * n})
        for n in range(1, number + 1)
    ]


def change(scope: str, at: int, /, **columns) -> None:
    """Overwrite columns of one entry."""
    names = ", ".join(f'"{name}" = %s' for name in columns)
    touched = sql(
        f"UPDATE audit_auditentry SET {names} WHERE scope = %s AND position = %s", *columns.values(), scope, at
    )
    assert touched == 1


def insert(entry: AuditEntry) -> None:
    """Write a row past the model."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    marks = ", ".join(["%s"] * len(COLUMNS))
    values = [AuditEntry._meta.get_field(name).get_db_prep_save(getattr(entry, name), connection) for name in COLUMNS]
    sql(f"INSERT INTO audit_auditentry ({names}) VALUES ({marks})", *values)


def forged(scope: str, position: int, previous_hash: str) -> AuditEntry:
    """An entry that never happened, with a hash that fits its fields."""
    entry = AuditEntry(
        scope=scope,
        position=position,
        at=AuditEntry.objects.filter(scope=scope).latest("position").at,
        by="kế toán",
        action="price.set",
        subject="listing:1",
        before="null",
        after='{"price":1}',
        previous_hash=previous_hash,
    )
    entry.hash = entry.compute_hash()
    return entry
