"""Add to the audit trail."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.audit.models import AuditChain, AuditEntry
from shop.audit.values import changes, text_clean, values_text

__all__ = ["changes", "entry_add"]

#: ``market`` or ``cooperative:12``.
SCOPE = re.compile(r"[a-z][a-z_]{0,29}(:[A-Za-z0-9_.\-]{1,32})?")
ACTION = re.compile(r"[a-z][a-z0-9_.]{0,59}")


def entry_add(
    *,
    action: str,
    subject: str,
    by: str,
    scope: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Tell that ``by`` did ``action`` (``order.cancel``) to ``subject`` (``order:DT7K3M9QZA``), within ``scope``.

    Belongs to the caller's transaction: what is rolled back never happened. Raises TransactionManagementError when
    there is none, ValueError and TypeError for values that an entry cannot hold (see ``values``).

    Call it at the end of a transaction and with one scope per transaction. It locks the head of the scope's chain
    until the commit, so the others who write to that scope wait: taken last the wait is short, and two transactions
    that take their own rows first and one head after them cannot wait for each other.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An audit entry belongs to the transaction of what it tells.")
    if not SCOPE.fullmatch(scope) or not ACTION.fullmatch(action):
        raise ValueError(f"Not a scope and an action: {scope!r}, {action!r}.")
    before_text, after_text = values_text(before), values_text(after)
    chain = chain_lock(scope)
    entry = AuditEntry(
        scope=scope,
        position=chain.length + 1,
        at=timezone.now(),
        by=text_clean(by, 120),
        action=action,
        subject=text_clean(subject, 120),
        before=before_text,
        after=after_text,
        previous_hash=chain.last_hash,
    )
    entry.hash = entry.compute_hash()
    entry.save()
    chain.length, chain.last_hash = entry.position, entry.hash
    chain.save(update_fields=["length", "last_hash"])
    return entry


def chain_lock(scope: str) -> AuditChain:
    """The scope's head, locked until the end of the transaction; made when the scope is new.

    Two transactions that both make it: the insert waits for the other one's commit and then does nothing.
    """
    locked = AuditChain.objects.select_for_update()
    try:
        return locked.get(scope=scope)
    except AuditChain.DoesNotExist:
        AuditChain.objects.bulk_create([AuditChain(scope=scope)], ignore_conflicts=True)
        return locked.get(scope=scope)
