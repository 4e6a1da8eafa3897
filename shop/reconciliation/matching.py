"""From a bank line to the orders it pays: look up what its memo may mean, ask the pure matching, write it down."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from shop.checkout.services import retried
from shop.core.codes import MEMO_PREFIX
from shop.core.text import squeeze
from shop.fulfilment.services import attempt_live, by_hand_key, ended_by_clock
from shop.order.models import Order
from shop.payment.attempts.models import Attempt, TransactionKey
from shop.payment.books import attempts_of, paid_amount
from shop.payment.vietqr.matching import Expected, Outcome, Verdict, match, search_for
from shop.payment.vietqr.models import BankLine, LineShare, TransferRequest
from shop.reconciliation.arrivals import NotPlaceable, money_arrive

State = BankLine.State
#: How far apart two sources may date the same movement: statements often name the day only.
SAME_MOVEMENT = timedelta(hours=36)
#: Outcomes whose shares are credited without a person.
CREDITED = frozenset({Outcome.EXACT, Outcome.SHORT, Outcome.OVER, Outcome.LATE})


@retried
@transaction.atomic
def line_match(*, line: BankLine, by: str = "bank") -> BankLine:
    """Decide about a new line, once: credit it, or leave it to a person with what was found out.

    Locks: the line, then the orders it may mean in primary-key order, so nothing changes between look and credit.
    """
    locked = line_lock(line)
    if locked.state != State.NEW:
        return locked
    twin = told_before(locked)
    if twin:
        locked.twin_of = twin
        return line_set(locked, State.TWIN)
    found = requests_named(locked)
    list(Order.objects.select_for_update().filter(pk__in=found.values()).order_by("pk").values_list("pk"))
    requests = {row.memo: row for row in requests_loaded().filter(pk__in=found)}
    verdict = match(
        memo=locked.memo,
        amount=locked.amount,
        expected=[expected_of(row, locked) for row in requests.values()],
    )
    locked.outcome, locked.how = verdict.outcome.value, verdict.how
    if verdict_apply(locked, verdict, requests, by):
        return line_set(locked, State.PLACED)
    named = verdict.outcome != Outcome.UNKNOWN or MEMO_PREFIX.lower() in squeeze(locked.memo)
    locked.is_likely = named or somebody_waits_for(locked)
    return line_set(locked, State.OPEN)


def verdict_apply(line: BankLine, verdict: Verdict, requests: dict[str, TransferRequest], by: str) -> bool:
    """Credit what the verdict allows; False when a person has to decide."""
    if verdict.outcome == Outcome.DUPLICATE:
        return by_hand_prove(line, requests, by)
    if verdict.outcome not in CREDITED or not verdict.shares:
        return False
    try:
        with transaction.atomic():
            for share in verdict.shares:
                request = requests[share.code]
                may_credit(request, share.amount, verdict)
                share_add(line, request.attempt, share.amount, by)
    except NotPlaceable:
        return False
    return True


def may_credit(request: TransferRequest, amount: int, verdict: Verdict) -> None:
    """A part of the sum is taken for an order that waits for it, not for one that ended or went another way."""
    waits = request.attempt.state == Attempt.State.PENDING and order_of(request).status != "cancelled"
    due = int(request.attempt.source.amount_allocated) - paid_amount(request.attempt.source)
    if not waits and amount < due:
        raise NotPlaceable("part")


def share_add(line: BankLine, attempt: Attempt, amount: int, by: str) -> LineShare:
    """Credit a part of a line; undone shares of the pair give the next one another name in the books."""
    turn = LineShare.objects.filter(line=line, attempt=attempt).count()
    key = f"line:{line.pk}:{attempt.pk}:{turn}"
    share = LineShare.objects.create(line=line, attempt=attempt, amount=amount, by=by[:254])
    money_arrive(attempt=attempt, amount=amount, key=key, by=by, reference=line.reference or line.foreign_id)
    return share


def share_key(share: LineShare) -> str:
    """The name of a share in the books."""
    turn = LineShare.objects.filter(line_id=share.line_id, attempt_id=share.attempt_id, pk__lt=share.pk).count()
    return f"line:{share.line_id}:{share.attempt_id}:{turn}"


def by_hand_prove(line: BankLine, requests: dict[str, TransferRequest], by: str) -> bool:
    """A person had confirmed this very money before the bank told it: the line proves that entry, nothing is added."""
    for request in requests.values():
        key = TransactionKey.objects.filter(key=by_hand_key(request.attempt)).select_related("transaction").first()
        proven = LineShare.objects.filter(attempt=request.attempt, proves=True, undone_at=None).exists()
        if key and not proven and int(key.transaction.amount) == line.amount:
            LineShare.objects.create(line=line, attempt=request.attempt, amount=line.amount, proves=True, by=by[:254])
            line.outcome, line.how = Outcome.EXACT.value, "by_hand"
            return True
    return False


# -- Looking up ---------------------------------------------------------------------------------------------------


def requests_named(line: BankLine) -> dict[int, int]:
    """Every transfer request that the memo may mean, with its order: whole codes of anybody, cut ones of this
    cooperative only."""
    search = search_for(line.memo)
    if not search.whole and not search.heads:
        return {}
    condition = Q(memo__in=list(search.whole))
    for head in search.heads:
        # In every state: else the cut code of a paid order would credit an open one that begins alike.
        own = Q(attempt__source__order__consignment__cooperative_id=line.cooperative_id)
        condition |= Q(memo__startswith=head) & own
    return dict(TransferRequest.objects.filter(condition).values_list("pk", "attempt__source__order_id"))


def requests_for(line: BankLine) -> list[TransferRequest]:
    """The same with everything that a page shows of them."""
    return list(requests_loaded().filter(pk__in=requests_named(line)))


def requests_loaded() -> Any:
    """Requests with the order, its money and its parcel."""
    rows = TransferRequest.objects.select_related("attempt__source__order__consignment__cooperative")
    return rows.prefetch_related("attempt__source__transactions")


def order_of(request: TransferRequest) -> Order:
    return request.attempt.source.order


def expected_of(request: TransferRequest, line: BankLine) -> Expected:
    """What the code stands for now, in the words of the pure matching."""
    order = order_of(request)
    due = max(0, int(request.attempt.source.amount_allocated) - paid_amount(request.attempt.source))
    state = expected_state(order, request.attempt)
    return Expected(
        code=request.memo,
        due=0 if state == "paid" else due,
        state=state,
        ours=order.consignment.cooperative_id == line.cooperative_id,
    )


def expected_state(order: Order, attempt: Attempt) -> str:
    """``open``, ``paid``, ``expired`` or ``cancelled``. Paid another way, or partly so, is paid: a person looks."""
    if order.status == "cancelled":
        return "expired" if ended_by_clock(order.consignment) else "cancelled"
    live = attempt_live(order)
    if live is None or live.state == Attempt.State.CONFIRMED:
        return "paid"
    others = [other for other in attempts_of(order) if other.pk != attempt.pk]
    return "paid" if any(paid_amount(other.source) for other in others) else "open"


def told_before(line: BankLine) -> BankLine | None:
    """The same movement as another source told it earlier: same account, sum and time, same reference or memo.

    Each line has at most one twin of a source: two equal payments on one day stay two.
    """
    around = (line.occurred_at - SAME_MOVEMENT, line.occurred_at + SAME_MOVEMENT)
    rows = BankLine.objects.filter(
        cooperative_id=line.cooperative_id,
        account=line.account,
        amount=line.amount,
        occurred_at__range=around,
        twin_of=None,
        pk__lt=line.pk,
    ).exclude(Q(feed=line.feed) | Q(state=State.OUT) | Q(twins__feed=line.feed))
    return next((row for row in rows.order_by("pk")[:50] if same_words(row, line)), None)


def same_words(one: BankLine, other: BankLine) -> bool:
    """Whether two sources speak of the same movement; banks shorten memos differently."""
    if one.reference and one.reference == other.reference:
        return True
    first, second = squeeze(one.memo), squeeze(other.memo)
    shorter, longer = sorted((first, second), key=len)
    return bool(shorter) and (first == second or (len(shorter) >= 10 and shorter in longer))


def somebody_waits_for(line: BankLine) -> bool:
    """Whether an order of the cooperative lacks exactly this sum: worth a person's look."""
    return Attempt.objects.filter(
        state=Attempt.State.PENDING,
        provider="vietqr",
        source__amount_allocated=line.amount,
        source__order__consignment__cooperative_id=line.cooperative_id,
    ).exists()


# -- Locks --------------------------------------------------------------------------------------------------------


def line_lock(line: BankLine) -> BankLine:
    """The line as it is now, its row locked: before any order's."""
    return BankLine.objects.select_for_update(of=("self",)).select_related("cooperative").get(pk=line.pk)


def line_set(line: BankLine, state: str) -> BankLine:
    """Keep what was decided; the caller holds the lock."""
    line.state = state
    line.save(update_fields=["state", "outcome", "how", "is_likely", "twin_of"])
    return line
