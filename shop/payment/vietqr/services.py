"""Accounts that receive, services that report on them, and the one place where bank lines enter the database."""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative, Membership
from shop.core.lang import shop_name
from shop.core.sealing import seal, unseal
from shop.messaging.services import message_send
from shop.payment.vietqr.models import BankAccount, BankFeed, BankLine

State = BankAccount.State
BATCH = 500


class AccountError(Exception):
    """``code``: ``same`` (already in use), ``open`` (a change is under way), ``own`` (a second person must approve),
    ``state`` (decided already)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# -- Accounts -----------------------------------------------------------------------------------------------------


@transaction.atomic
def account_open(*, cooperative: Cooperative, bin: str, number: str, holder: str, by: str) -> BankAccount:
    """The first account of a new cooperative, in use at once: whoever approved the seller has looked at it.

    A cooperative that has an account, or asked for one, keeps it; further ones go through :func:`account_ask`.
    """
    cooperative_lock(cooperative)
    known = BankAccount.objects.filter(cooperative=cooperative).order_by("pk").first()
    if known:
        return known
    account = BankAccount.objects.create(
        cooperative=cooperative,
        bin=bin,
        number=number,
        holder=holder,
        state=State.ACTIVE,
        decided_by=by[:254],
        decided_at=timezone.now(),
    )
    account_log("account.opened", account, by)
    return account


@transaction.atomic
def account_ask(*, cooperative: Cooperative, bin: str, number: str, holder: str, by: str) -> BankAccount:
    """Ask for another account. Nothing changes yet: a second person approves, then a day passes.

    Everybody in the cooperative hears of it at once, because a stranger's account is the worst fraud of all.
    """
    cooperative_lock(cooperative)
    current = account_current(cooperative)
    if current and (current.bin, current.number) == (bin, number):
        raise AccountError("same")
    waiting = BankAccount.objects.filter(cooperative=cooperative, state__in=[State.ASKED, State.APPROVED]).first()
    if waiting and (waiting.bin, waiting.number, waiting.holder) == (bin, number, holder):
        return waiting
    if waiting:
        raise AccountError("open")
    account = BankAccount.objects.create(
        cooperative=cooperative, bin=bin, number=number, holder=holder, state=State.ASKED, asked_by=by[:254]
    )
    account_log("account.asked", account, by)
    account_notice(account, "asked", by)
    return account


@transaction.atomic
def account_approve(*, account: BankAccount, by: str) -> BankAccount:
    """A second person agrees; new codes name the account ACCOUNT_DELAY_HOURS later."""
    locked = account_lock(account)
    if locked.state == State.APPROVED and locked.decided_by == by:
        return locked
    if locked.state != State.ASKED:
        raise AccountError("state")
    if by == locked.asked_by:
        raise AccountError("own")
    now = timezone.now()
    locked.state, locked.decided_by, locked.decided_at = State.APPROVED, by[:254], now
    locked.active_from = now + timedelta(hours=settings.ACCOUNT_DELAY_HOURS)
    locked.save(update_fields=["state", "decided_by", "decided_at", "active_from"])
    account_log("account.approved", locked, by)
    account_notice(locked, "approved", by)
    return locked


@transaction.atomic
def account_refuse(*, account: BankAccount, by: str) -> BankAccount:
    """Anybody of the cooperative can stop a change, also its author, as long as it has not taken effect."""
    locked = account_lock(account)
    if locked.state == State.REFUSED:
        return locked
    if locked.state not in (State.ASKED, State.APPROVED) or locked.in_use():
        raise AccountError("state")
    locked.state, locked.decided_by, locked.decided_at = State.REFUSED, by[:254], timezone.now()
    locked.active_from = None
    locked.save(update_fields=["state", "decided_by", "decided_at", "active_from"])
    account_log("account.refused", locked, by)
    account_notice(locked, "refused", by)
    return locked


@transaction.atomic
def account_activate(*, account: BankAccount, by: str = "clock") -> bool:
    """The day is over: the old account is closed, this one is in use. True when this call did it."""
    locked = account_lock(account)
    if locked.state != State.APPROVED or not locked.in_use():
        return False
    for old in BankAccount.objects.filter(cooperative_id=locked.cooperative_id, state=State.ACTIVE):
        old.state = State.CLOSED
        old.save(update_fields=["state"])
    locked.state = State.ACTIVE
    locked.save(update_fields=["state"])
    account_log("account.active", locked, by)
    account_notice(locked, "active", by)
    return True


def accounts_activate_due() -> int:
    """Activate what is due; the number activated."""
    due = BankAccount.objects.filter(state=State.APPROVED, active_from__lte=timezone.now()).order_by("pk")
    return sum(account_activate(account=account) for account in due)


def account_current(cooperative: Cooperative) -> BankAccount | None:
    """The account that new codes name; a change that is due counts before the clock has come by."""
    in_use = [account for account in cooperative.bank_accounts.all() if account.in_use()]
    # The approved one is the newer of two: the active one goes when the clock comes by.
    return min(in_use, key=lambda account: (account.state != State.APPROVED, -account.pk), default=None)


def numbers_of(cooperative_id: int) -> set[str]:
    """Account numbers at which money for the cooperative may arrive, as digits and letters without separators."""
    rows = BankAccount.objects.filter(cooperative_id=cooperative_id).only("number", "state", "active_from")
    accounts = {row.number for row in rows if row.receives}
    feeds = BankFeed.objects.filter(cooperative_id=cooperative_id, is_active=True)
    virtual = ",".join(feeds.values_list("virtual_accounts", flat=True))
    return accounts | {number.strip() for number in virtual.split(",") if number.strip()}


# -- Feeds --------------------------------------------------------------------------------------------------------


@transaction.atomic
def feed_connect(
    *, cooperative: Cooperative, code: str, credentials: Mapping[str, str], virtual_accounts: str = "", by: str
) -> BankFeed:
    """Let a service report on the cooperative's account; new credentials replace the old ones, the address stays."""
    cooperative_lock(cooperative)
    feed = BankFeed.objects.filter(cooperative=cooperative, code=code, is_active=True).first()
    feed = feed or BankFeed(cooperative=cooperative, code=code, token=secrets.token_urlsafe(24))
    feed.sealed = seal(json.dumps(dict(credentials), sort_keys=True), purpose="bank_feed")
    feed.virtual_accounts = ",".join(part.strip() for part in virtual_accounts.split(",") if part.strip())[:300]
    feed.save()
    facts = {"feed": code, "fields": ",".join(sorted(k for k, v in credentials.items() if v))}
    entry_add(
        action="feed.connected", subject=f"feed:{feed.pk}", by=by, scope=f"cooperative:{cooperative.pk}", after=facts
    )
    return feed


@transaction.atomic
def feed_disconnect(*, feed: BankFeed, by: str) -> bool:
    """Forget the credentials and close the address; True when this call did it."""
    locked = BankFeed.objects.select_for_update().get(pk=feed.pk)
    if not locked.is_active:
        return False
    locked.is_active, locked.sealed = False, ""
    locked.save(update_fields=["is_active", "sealed"])
    scope = f"cooperative:{locked.cooperative_id}"
    entry_add(action="feed.disconnected", subject=f"feed:{locked.pk}", by=by, scope=scope, after={"feed": locked.code})
    return True


def feed_credentials(feed: BankFeed) -> dict[str, str]:
    """What the service gave the cooperative, for the moment of a check only."""
    return json.loads(unseal(feed.sealed, purpose="bank_feed")) if feed.sealed else {}


# -- Lines --------------------------------------------------------------------------------------------------------


def lines_store(*, cooperative_id: int, feed: str, lines: Iterable[Any], known: Mapping[str, str]) -> int:
    """Keep what a source told, each line once; the number of lines that were new.

    ``known`` maps the account numbers of the source's lines to the number under which they are kept. Uniqueness is
    the database's: the same lines told in parallel are stored once.
    """
    rows = [line_row(cooperative_id, feed, line, known.get(line.account, line.account)) for line in lines]
    # The same lines told in parallel and in another order must not wait for each other.
    rows.sort(key=lambda row: row.foreign_id)
    if len(rows) == 1:
        return line_insert(rows[0])
    new = 0
    for start in range(0, len(rows), BATCH):
        new += batch_insert(rows[start : start + BATCH])
    return new


def line_insert(row: BankLine) -> int:
    """One line, or nothing when it is known."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if not same_line(row).exists():
            raise
        return 0
    return 1


@transaction.atomic
def batch_insert(rows: list[BankLine]) -> int:
    """Many lines of one source; what is there already stays as it is."""
    mine = BankLine.objects.filter(
        cooperative_id=rows[0].cooperative_id, feed=rows[0].feed, foreign_id__in=[row.foreign_id for row in rows]
    )
    before = mine.count()
    BankLine.objects.bulk_create(rows, ignore_conflicts=True)
    return mine.count() - before


def same_line(row: BankLine) -> Any:
    """The stored line that a source means with these words."""
    return BankLine.objects.filter(
        cooperative_id=row.cooperative_id, feed=row.feed, account=row.account, foreign_id=row.foreign_id
    )


def line_row(cooperative_id: int, feed: str, line: Any, account: str) -> BankLine:
    """A line as it is kept; money that went out is kept too, but never matched."""
    return BankLine(
        cooperative_id=cooperative_id,
        feed=feed,
        account=account[:30],
        foreign_id=line.foreign_id[:100],
        amount=line.amount,
        memo=line.memo[:1000],
        occurred_at=line.occurred_at,
        reference=line.reference[:100],
        payer_bin=line.payer_bin[:12],
        payer_number=line.payer_number[:40],
        payer_name=line.payer_name[:120],
        raw=line.raw,
        state=BankLine.State.NEW if line.incoming else BankLine.State.OUT,
    )


# -- Parts --------------------------------------------------------------------------------------------------------


def cooperative_lock(cooperative: Cooperative) -> None:
    """One change of accounts or feeds at a time; orders go on meanwhile."""
    Cooperative.objects.select_for_update(no_key=True, of=("self",)).get(pk=cooperative.pk)


def account_lock(account: BankAccount) -> BankAccount:
    """The account as it is now, behind its cooperative's lock."""
    cooperative_lock(account.cooperative)
    return BankAccount.objects.select_for_update(of=("self",)).select_related("cooperative").get(pk=account.pk)


def account_log(action: str, account: BankAccount, by: str) -> None:
    """The audit trail of the cooperative; the whole number, because that is what a fraud would change."""
    facts = {"bin": account.bin, "number": account.number, "holder": account.holder, "state": account.state}
    subject, scope = f"account:{account.pk}", f"cooperative:{account.cooperative_id}"
    entry_add(action=action, subject=subject, by=by, scope=scope, after=facts)


def account_notice(account: BankAccount, step: str, by: str) -> None:
    """Tell everybody who works for the cooperative; once per step and person."""
    with override("vi"):
        body = notice_text(account, step, by)
    people = Membership.objects.filter(cooperative_id=account.cooperative_id).select_related("user")
    for contact in {row.user.phone or row.user.email for row in people} | {account.cooperative.phone}:
        if contact:
            key = f"account-{account.pk}-{step}-{contact}"
            message_send(kind="account_change", to=contact, body=body, key=key[:120])


def notice_text(account: BankAccount, step: str, by: str) -> str:
    """What happened to the account, and what to do when that was nobody's wish."""
    texts = {
        "asked": gettext(
            "%(shop)s: %(by)s asks to have your cooperative's money sent to %(account)s. A second person "
            "must approve it. Not your wish? Refuse it under Bank account, or call %(help)s."
        ),
        "approved": gettext(
            "%(shop)s: %(by)s approved %(account)s. From %(time)s on buyers pay to it. Not your wish? "
            "Stop it before then under Bank account, or call %(help)s."
        ),
        "refused": gettext("%(shop)s: %(by)s stopped the change to %(account)s. Nothing changes."),
        "active": gettext("%(shop)s: from now on buyers pay to %(account)s."),
    }
    when = timezone.localtime(account.active_from).strftime("%H:%M %d/%m/%Y") if account.active_from else ""
    shown = f"{account.bank_name} {account.number} ({account.holder})"
    values = {"shop": shop_name(), "by": by, "account": shown, "time": when, "help": settings.SUPPORT_PHONE}
    return texts[step] % values
