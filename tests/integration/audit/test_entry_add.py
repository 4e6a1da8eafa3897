"""Entries are added in the caller's transaction, in one chain per scope, and then never change."""

import hashlib
import json

import pytest
from django.db import IntegrityError, transaction

from shop.audit.models import GENESIS, AppendOnlyError, AuditChain, AuditEntry
from shop.audit.services import entry_add
from tests.integration.audit.tampering import entries, sql

pytestmark = pytest.mark.django_db


def add(**changed):
    given = {"action": "order.cancel", "subject": "order:DT7K3M9QZA", "by": "+84901234567", "scope": "cooperative:12"}
    return entry_add(**{**given, **changed})


def test_one_entry_with_all_it_says():
    entry = add(before={"state": "new"}, after={"state": "cancelled", "amount": 220_000})

    stored = AuditEntry.objects.get()
    assert (stored.scope, stored.position, stored.by) == ("cooperative:12", 1, "+84901234567")
    assert (stored.action, stored.subject) == ("order.cancel", "order:DT7K3M9QZA")
    assert json.loads(stored.before) == {"state": "new"}
    assert stored.after == '{"amount":220000,"state":"cancelled"}'
    assert (stored.previous_hash, stored.hash) == (GENESIS, entry.hash)
    assert stored.compute_hash() == stored.hash
    assert AuditChain.objects.values_list("scope", "length", "last_hash").get() == ("cooperative:12", 1, entry.hash)


def test_hash_is_what_the_documentation_says():
    entry = add()
    fields = {
        "scope": "cooperative:12",
        "position": 1,
        "at": entry.at.isoformat(timespec="microseconds"),
        "by": "+84901234567",
        "action": "order.cancel",
        "subject": "order:DT7K3M9QZA",
        "before": "null",
        "after": "null",
        "previous_hash": "0" * 64,
    }
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    assert entry.hash == hashlib.sha256(text.encode()).hexdigest()


def test_chains_are_apart():
    first, second, other = add(), add(), add(scope="market")

    assert [first.position, second.position, other.position] == [1, 2, 1]
    assert second.previous_hash == first.hash
    assert other.previous_hash == GENESIS
    assert dict(AuditChain.objects.values_list("scope", "length")) == {"cooperative:12": 2, "market": 1}


def test_rolled_back_leaves_no_trace():
    kept = add()
    with pytest.raises(RuntimeError), transaction.atomic():
        add()
        raise RuntimeError
    assert add().previous_hash == kept.hash
    assert list(AuditEntry.objects.order_by("position").values_list("position", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_refuses():
    with pytest.raises(transaction.TransactionManagementError):
        add()
    assert not AuditEntry.objects.exists()
    assert not AuditChain.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_committed_entries_do_not_disturb_the_next_test():
    """The triggers refuse DELETE, so what cleans up after a committing test must not be one."""
    assert not AuditEntry.objects.exists()
    with transaction.atomic():
        add()
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"scope": "Cooperative 12"}, ValueError),
        ({"scope": ""}, ValueError),
        ({"scope": "cooperative:" + "1" * 33}, ValueError),
        ({"action": "Cancel it"}, ValueError),
        ({"after": {"price": 1.5}}, TypeError),
    ],
)
def test_bad_calls_add_nothing(changed, error):
    with pytest.raises(error):
        add(**changed)
    assert not AuditEntry.objects.exists()
    assert not AuditChain.objects.exists()


def test_names_are_cut_and_cleaned():
    entry = add(by="Nguyễn " * 40, subject="x\0" + "y" * 200)
    entry.refresh_from_db()
    assert (len(entry.by), len(entry.subject)) == (120, 120)
    assert entry.subject.startswith("x\ufffdy")
    assert entry.compute_hash() == entry.hash


# -- Never changed -------------------------------------------------------------------------------------------------


def ways_through_the_model(entry):
    """Everything Django offers to change or remove a row."""
    entry.by = "somebody else"
    rows = AuditEntry.objects.filter(pk=entry.pk)
    return {
        "save": entry.save,
        "save some fields": lambda: entry.save(update_fields=["by"]),
        "delete": entry.delete,
        "update rows": lambda: rows.update(by="x"),
        "delete rows": rows.delete,
        "bulk_update": lambda: AuditEntry.objects.bulk_update([entry], ["by"]),
        "bulk_create": lambda: AuditEntry.objects.bulk_create([AuditEntry(scope="market", position=9)]),
        "update_or_create": lambda: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"by": "x"}),
    }


def ways_around_the_model(entry):
    """What the database itself has to refuse."""
    columns = "id, scope, position, at, by, action, subject, before, after, previous_hash, hash"
    ways = {
        "base manager update": lambda: AuditEntry._base_manager.filter(pk=entry.pk).update(by="x"),
        "base manager delete": lambda: AuditEntry._base_manager.filter(pk=entry.pk).delete(),
        "save_base": lambda: entry.save_base(raw=True),
        "sql update": lambda: sql("UPDATE audit_auditentry SET hash = 'x'"),
        "sql delete": lambda: sql("DELETE FROM audit_auditentry"),
        "head back": lambda: AuditChain.objects.update(length=1),
        "head ahead": lambda: AuditChain.objects.update(length=4),
        "head's hash": lambda: AuditChain.objects.update(last_hash=GENESIS),
        "head renamed": lambda: AuditChain.objects.update(scope="other", length=3),
        "head removed": lambda: AuditChain.objects.all().delete(),
    }
    if transaction.get_connection().vendor == "sqlite":
        replace = f"INSERT OR REPLACE INTO audit_auditentry ({columns}) SELECT {columns} FROM audit_auditentry"
        ways["replace"] = lambda: sql(replace)
    return ways


@pytest.mark.parametrize("way", ways_through_the_model(AuditEntry()))
def test_the_model_refuses(way):
    entry = add()
    with pytest.raises(AppendOnlyError):
        ways_through_the_model(entry)[way]()
    assert AuditEntry.objects.get().by == "+84901234567"


def test_the_database_refuses():
    first, last = entries(2)
    for way, act in ways_around_the_model(AuditEntry.objects.get(position=2)).items():
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()
        assert list(AuditEntry.objects.order_by("position").values_list("hash", flat=True)) == [first.hash, last.hash]
        assert AuditChain.objects.values_list("scope", "length", "last_hash").get() == ("market", 2, last.hash), way


def test_truncate_is_left_to_administrators():
    """PostgreSQL's own flush must go on working; row triggers do not see it."""
    entries(1)
    connection = transaction.get_connection()
    if connection.vendor == "postgresql":
        sql("TRUNCATE audit_auditentry, audit_auditchain")
        assert not AuditEntry.objects.exists()
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            sql("DELETE FROM audit_auditchain")
        assert AuditEntry.objects.count() == 1
