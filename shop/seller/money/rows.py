"""Bank lines as the inbox shows them: what the matching found, in one plain sentence, and the next step."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.cooperatives.models import Cooperative, Membership
from shop.core.codes import display_number
from shop.fulfilment.models import Consignment
from shop.payment.books import paid_amount
from shop.payment.vietqr.feeds import feed
from shop.payment.vietqr.matching import Outcome, search_for
from shop.payment.vietqr.models import BankLine, LineShare, TransferRequest
from shop.reconciliation.matching import order_of, requests_loaded
from shop.seller.money.memos import Piece, lonely_code, pieces
from shop.seller.money.words import dong_text, left_by_bank

State = BankLine.State
CLOSED = [State.PLACED, State.RETURNED, State.IGNORED, State.TWIN]

#: Lists of the inbox besides what is to be paid back.
TABS = {
    "decide": (gettext_lazy("To decide"), Q(state=State.OPEN, is_likely=True)),
    "uncoded": (gettext_lazy("Without a code"), Q(state=State.OPEN, is_likely=False)),
    "done": (gettext_lazy("Done"), Q(state__in=CLOSED)),
}
#: The money has no order to go to: what helps is to send it back.
BACK = frozenset({Outcome.DUPLICATE, Outcome.CANCELLED, Outcome.WRONG_COOPERATIVE})


def lines_of(cooperative: Cooperative) -> QuerySet[BankLine]:
    """The cooperative's incoming lines with what a row needs, the newest first."""
    shares = LineShare.objects.filter(undone_at=None).select_related("attempt__source__order")
    shares = shares.prefetch_related("attempt__source__transactions").order_by("pk")
    mine = BankLine.objects.filter(cooperative=cooperative).exclude(state__in=[State.OUT, State.NEW])
    return mine.select_related("refund", "twin_of").prefetch_related(
        Prefetch("shares", queryset=shares, to_attr="live_shares")
    )


def lines_in(cooperative: Cooperative, tab: str) -> QuerySet[BankLine]:
    """One list; what is to be decided begins with what has waited longest."""
    found = lines_of(cooperative).filter(TABS[tab][1])
    return found.order_by("occurred_at", "pk") if tab == "decide" else found


def counts_of(cooperative: Cooperative) -> dict[str, int]:
    """How many lines each list holds, by its name."""
    mine = BankLine.objects.filter(cooperative=cooperative)
    return mine.aggregate(**{name: Count("pk", filter=condition) for name, (_label, condition) in TABS.items()})


class Names:
    """Who stands behind an entry: the people of a cooperative by phone number and e-mail address."""

    def __init__(self, cooperative: Cooperative) -> None:
        self.known: dict[str, str] = {}
        for person in Membership.objects.filter(cooperative=cooperative).select_related("user"):
            contacts = (person.user.phone, person.user.email)
            self.known.update({contact: str(person.user) for contact in contacts if contact})

    def __call__(self, by: str) -> str:
        return self.known.get(by, _("by itself") if left_by_bank(by) else by)


@dataclass
class LineRow:
    """One line of the bank with the requests of this cooperative that its memo names."""

    line: BankLine
    names: Names
    found: list[TransferRequest] = field(default_factory=list)

    @property
    def url(self) -> str:
        return reverse("seller:line", kwargs={"pk": self.line.pk})

    @property
    def is_open(self) -> bool:
        return self.line.state == State.OPEN

    @property
    def pieces(self) -> list[Piece]:
        return pieces(self.line.memo, [request.memo for request in self.found])

    @property
    def payer(self) -> str:
        return self.line.payer_name or self.line.payer_number

    @property
    def kind(self) -> str:
        """How loudly the row asks: ``bad`` to send back, ``ask`` to decide, nothing when it need not be looked at."""
        if not self.is_open or not self.line.is_likely:
            return ""
        return "bad" if self.line.outcome in BACK and not self.line.handled_by else "ask"

    @property
    def words(self) -> str:
        """What the matching found, or what became of the money."""
        return open_words(self) if self.is_open else closed_words(self)

    @property
    def who(self) -> str:
        """Who decided; the matching is nobody."""
        by = self.line.handled_by or next((share.by for share in self.line.live_shares), "")
        return self.names(by) if by else ""

    @property
    def step(self) -> str:
        """Words of the next step's button."""
        if not self.is_open:
            return _("Details")
        if self.kind == "bad":
            return _("Pay it back")
        if self.line.outcome == Outcome.LATE:
            return _("Try again or pay back")
        return _("Choose the order") if self.line.is_likely else _("See this money")

    @property
    def anchor(self) -> str:
        """Where on the line's page that step is."""
        return "#return" if self.kind == "bad" else "#place" if self.is_open else ""

    @property
    def source(self) -> str:
        """Which service told it."""
        known = feed(self.line.feed)
        return str(known.label) if known else _("Bank statement")


def rows_for(lines: Iterable[BankLine], cooperative: Cooperative, names: Names | None = None) -> list[LineRow]:
    """Rows for a page of lines: two queries for the codes in their memos, whatever their number."""
    lines = list(lines)
    codes = {line.pk: search_for(line.memo).whole for line in lines}
    wanted = frozenset().union(*codes.values())
    requests = requests_loaded().filter(memo__in=wanted, attempt__source__order__consignment__cooperative=cooperative)
    known = list(requests) if wanted else []
    names = names or Names(cooperative)
    return [LineRow(line, names, [row for row in known if row.memo in codes[line.pk]]) for line in lines]


# -- Sentences ----------------------------------------------------------------------------------------------------


def open_words(row: LineRow) -> str:
    """Why a person has to decide."""
    if row.line.handled_by:
        return _("%(who)s took it back: please decide again.") % {"who": row.names(row.line.handled_by)}
    numbers = ", ".join(display_number(order_of(request).number) for request in row.found)
    if row.line.outcome == Outcome.CANCELLED:
        return cancelled_words(row, numbers)
    if row.line.outcome == Outcome.LATE:
        return late_words(row, numbers)
    if row.line.outcome == Outcome.AMBIGUOUS:
        return _("Not sure which order: %(numbers)s") % {"numbers": numbers} if numbers else _("Not sure which order")
    if row.line.outcome == Outcome.DUPLICATE:
        return _("Came twice: %(numbers)s is paid already") % {"numbers": numbers} if numbers else _("Came twice")
    if row.line.outcome == Outcome.WRONG_COOPERATIVE:
        return _("The code belongs to another cooperative")
    if row.line.outcome == Outcome.UNKNOWN:
        return unknown_words(row)
    return _("It could not be put on %(numbers)s by itself") % {"numbers": numbers or _("an order")}


def unknown_words(row: LineRow) -> str:
    """Nothing in the memo names an order of anybody."""
    code = lonely_code(row.line.memo)
    if code:
        return _("No order has the code %(code)s") % {"code": code}
    if row.line.is_likely:
        return _("No code in the memo, but an order waits for exactly this sum")
    return _("No code in the memo")


def cancelled_words(row: LineRow, numbers: str) -> str:
    """Its order had been ended by a person."""
    if not row.found:
        return _("The order was cancelled")
    consignment = order_of(row.found[0]).consignment
    if consignment.state == Consignment.State.CANCELLED and not consignment.reason:
        return _("%(numbers)s was cancelled by the buyer") % {"numbers": numbers}
    return _("%(numbers)s has ended: your cooperative did not deliver it") % {"numbers": numbers}


def late_words(row: LineRow, numbers: str) -> str:
    """It came after the hold was over, and the order could not come back by itself."""
    if not row.found:
        return _("It came after the time to pay was over")
    source = row.found[0].attempt.source
    if row.line.amount < int(source.amount_allocated) - paid_amount(source):
        return _("It came too late for %(numbers)s, and it is less than the order costs") % {"numbers": numbers}
    return _("It came too late for %(numbers)s, and the goods were gone") % {"numbers": numbers}


def closed_words(row: LineRow) -> str:
    """What became of the money."""
    line = row.line
    if line.state == State.PLACED:
        return placed_words(row)
    if line.state == State.RETURN:
        return _("To be paid back: %(reason)s") % {"reason": line.note} if line.note else _("To be paid back")
    if line.state == State.RETURNED:
        return _("Paid back, bank reference %(reference)s") % {"reference": line.refund.reference}
    if line.state == State.IGNORED:
        return _("Not for the market: %(reason)s") % {"reason": line.note}
    return _("Counted already: another source told of it before")


def placed_words(row: LineRow) -> str:
    """On which order it lies, and what is still missing there or goes back."""
    shares = row.line.live_shares
    numbers = ", ".join(display_number(share.attempt.source.order.number) for share in shares)
    if len(shares) != 1:
        return _("Split over %(numbers)s") % {"numbers": numbers}
    values = {"numbers": numbers, "missing": dong_text(missing_of(shares[0]))}
    if shares[0].proves:
        return _("Shows what a person had confirmed for %(numbers)s") % values
    if missing_of(shares[0]):
        return _("Short: %(missing)s still missing for %(numbers)s") % values
    if row.line.outcome == Outcome.OVER and not row.line.handled_by:
        return _("For %(numbers)s, and more than it costs: the rest goes back to the buyer") % values
    return _("For %(numbers)s") % values


def missing_of(share: LineShare) -> int:
    """Dong that the order of a share still waits for; 0 once it is paid or over."""
    attempt: Any = share.attempt
    if attempt.state != attempt.State.PENDING:
        return 0
    return max(0, int(attempt.source.amount_allocated) - paid_amount(attempt.source))
