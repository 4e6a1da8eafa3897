"""Whose row is whose, and whether anything of one side was changed."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models

#: Sessions and the queue change with every visit, also of people who see nothing.
PASSING = {Session, apps.get_model("django_tasks_database", "DBTaskResult")}

WRITES = re.compile(r"\s*(?:INSERT INTO|INSERT OR IGNORE INTO|UPDATE|DELETE FROM)\s+\"(\w+)\"", re.IGNORECASE)


def all_models() -> list[Any]:
    return [model for model in apps.get_models() if model._meta.managed and model not in PASSING]


def keys() -> dict[Any, set[Any]]:
    """The primary keys of every table."""
    return {model: set(model._base_manager.values_list("pk", flat=True)) for model in all_models()}


class Books:
    """All rows of one side: those that were made between ``before`` and now."""

    def __init__(self, before: dict[Any, set[Any]]) -> None:
        now = keys()
        self.known = now
        self.rows = {model: now[model] - before[model] for model in now if now[model] - before[model]}
        #: (model, names of its references to a side's row): where a new row would count as a change.
        self.links = [
            (model, fields)
            for model in now
            if (fields := [f for f in model._meta.concrete_fields if f.remote_field and f.related_model in self.rows])
        ]

    def snapshot(self, tables: set[str] | None = None) -> dict[str, str]:
        """By table: a fingerprint of the side's rows, and of rows that have come to hang on them. Of all tables, or of
        those ``tables``: nothing else can differ when nothing else was written."""
        found = {}
        for model, pks in self.rows.items():
            if tables is not None and model._meta.db_table not in tables:
                continue
            rows = model._base_manager.filter(pk__in=pks).order_by("pk").values_list()
            found[model._meta.label] = hashlib.sha256(repr(list(rows)).encode()).hexdigest()
        for model, fields in self.links:
            if tables is not None and model._meta.db_table not in tables:
                continue
            wanted = models.Q()
            for one in fields:
                wanted |= models.Q(**{f"{one.name}__in": self.rows[one.related_model]})
            fresh = model._base_manager.filter(wanted).exclude(pk__in=self.rows.get(model, ()))
            found[f"{model._meta.label} (new)"] = str(sorted(map(str, fresh.values_list("pk", flat=True))))
        return found


@contextmanager
def tables_written() -> Iterator[set[str]]:
    """The names of the tables that statements within write to."""
    tables: set[str] = set()

    def look(execute: Any, sql: str, *arguments: Any) -> Any:
        found = WRITES.match(sql)
        if found:
            tables.add(found.group(1))
        return execute(sql, *arguments)

    with connection.execute_wrapper(look):
        yield tables


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The tables that differ."""
    return sorted(name for name in before | after if before.get(name) != after.get(name))
