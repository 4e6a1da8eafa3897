"""Triggers that make the database itself refuse to change or remove an entry, whoever asks.

Somebody with the rights of an administrator can drop them; ``manage.py audit_check`` finds what was done then. They do
not fire on PostgreSQL's TRUNCATE, which needs such rights as well. On SQLite ``manage.py flush`` deletes rows and is
refused: remove the file instead.

SQLite forgets a table's triggers when Django remakes the table: a migration that alters one of the two tables must end
with ``RunPython(triggers.install)``. ``audit_check`` says when they are gone.
"""

from typing import Any

from django.db import NotSupportedError, connection

REFUSAL = "audit entries are append-only"

# An INSERT OR REPLACE deletes without telling the DELETE trigger: hence the one on INSERT.
SQLITE = {
    "audit_entry_update": f"""BEFORE UPDATE ON audit_auditentry
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    "audit_entry_delete": f"""BEFORE DELETE ON audit_auditentry
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    "audit_entry_replace": f"""BEFORE INSERT ON audit_auditentry WHEN EXISTS (
            SELECT 1 FROM audit_auditentry WHERE id = NEW.id OR (scope = NEW.scope AND position = NEW.position))
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",  # noqa: S608  nothing but constants
    "audit_chain_update": f"""BEFORE UPDATE ON audit_auditchain
            WHEN NEW.scope IS NOT OLD.scope OR NEW.length IS NOT OLD.length + 1
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    "audit_chain_delete": f"""BEFORE DELETE ON audit_auditchain
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
}
FUNCTION = f"""CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
POSTGRESQL = {
    "audit_entry_change": """BEFORE UPDATE OR DELETE ON audit_auditentry
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    "audit_chain_update": """BEFORE UPDATE ON audit_auditchain FOR EACH ROW
        WHEN (NEW.scope IS DISTINCT FROM OLD.scope OR NEW.length IS DISTINCT FROM OLD.length + 1)
        EXECUTE FUNCTION audit_refuse()""",
    "audit_chain_delete": """BEFORE DELETE ON audit_auditchain
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
}
PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
}


def of_vendor(vendor: str) -> dict[str, str]:
    """Name -> rest of the statement."""
    try:
        return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]
    except KeyError:
        raise NotSupportedError(f"The audit trail has no triggers for {vendor}.") from None


def making(vendor: str) -> list[str]:
    """The statements that make the triggers."""
    triggers = [f"CREATE TRIGGER {name} {rest}" for name, rest in of_vendor(vendor).items()]
    return [FUNCTION, *triggers] if vendor == "postgresql" else triggers


def removing(vendor: str) -> list[str]:
    """The statements that remove them, where they are."""
    if vendor == "postgresql":
        tables = {name: rest.partition(" ON ")[2].split()[0] for name, rest in POSTGRESQL.items()}
        return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in tables.items()]
    return [f"DROP TRIGGER IF EXISTS {name}" for name in of_vendor(vendor)]


def install(apps: Any, schema_editor: Any) -> None:
    """For ``RunPython``: make the triggers anew."""
    vendor = schema_editor.connection.vendor
    for statement in [*removing(vendor), *making(vendor)]:
        schema_editor.execute(statement)


def remove(apps: Any, schema_editor: Any) -> None:
    """For the way back."""
    for statement in removing(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def missing() -> set[str]:
    """Names of triggers that should be there and are not, or are switched off."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        return of_vendor(connection.vendor).keys() - {name for (name,) in cursor.fetchall()}
