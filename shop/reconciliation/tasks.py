"""Work that follows a webhook or an import, in the background; every task may run twice."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from shop.payment.attempts.models import Attempt
from shop.payment.vietqr.matching import Outcome, search_for
from shop.payment.vietqr.models import BankLine
from shop.reconciliation.matching import SAME_MOVEMENT, line_match
from shop.reconciliation.turns import turn

State = BankLine.State
#: Lines that nobody has looked at for so long have lost their task.
LOST = timedelta(seconds=20)
BATCH = 1000


def matching_queue(cooperative_id: int) -> None:
    """Have the cooperative's new lines matched after this transaction.

    One waiting task does for all lines that come before it starts. Its row is locked, so no worker takes it before the
    caller's line can be seen; a row that somebody else holds is no help, then the line gets a task of its own.
    """
    given = {"args": [cooperative_id], "kwargs": {}}
    waiting = DBTaskResult.objects.filter(
        task_path=lines_match_later.module_path, status=TaskResultStatus.READY, args_kwargs=given
    )
    if not waiting.order_by().select_for_update(skip_locked=True).values_list("pk", flat=True).first():
        lines_match_later.enqueue(cooperative_id)


@task()
def lines_match_later(cooperative_id: int) -> None:
    """Match everything new of a cooperative."""
    lines_match(cooperative_id)


def lines_match(cooperative_id: int) -> int:
    """Match everything new of a cooperative, the oldest first; the number of lines looked at.

    A statement brings thousands of lines that have nothing to do with the market: those without any code are set
    aside in bulk, the others are matched one by one.
    """
    done = 0
    while lines := list(new_lines(cooperative_id)[:BATCH]):
        plain = [line for line in lines if is_plain(line)]
        set_aside(cooperative_id, plain)
        rest = {line.pk for line in lines} - {line.pk for line in plain}
        for line in lines:
            if line.pk in rest:
                with turn():
                    line_match(line=line)
        done += len(lines)
    return done


def lines_match_due() -> int:
    """The net under the tasks: match lines whose task was lost; the number of lines."""
    lost = BankLine.objects.filter(state=State.NEW, received_at__lte=timezone.now() - LOST)
    return sum(lines_match(pk) for pk in sorted(set(lost.values_list("cooperative_id", flat=True))))


def new_lines(cooperative_id: int):
    """Lines that nobody has looked at, in the order in which they came."""
    return BankLine.objects.filter(cooperative_id=cooperative_id, state=State.NEW).order_by("pk")


def is_plain(line: BankLine) -> bool:
    """Whether there is nothing like a code in the memo."""
    search = search_for(line.memo)
    return not search.whole and not search.heads


def set_aside(cooperative_id: int, lines: list[BankLine]) -> None:
    """Lines without a code: unknown, unless another source may have told them before; then they are looked at singly.

    A conditional UPDATE per group: a line that somebody else has taken meanwhile is left alone.
    """
    if not lines:
        return
    told = other_sources(cooperative_id, lines)
    waited = set(
        Attempt.objects.filter(
            state=Attempt.State.PENDING, provider="vietqr", source__order__consignment__cooperative_id=cooperative_id
        ).values_list("source__amount_allocated", flat=True)
    )
    groups: dict[bool, list[int]] = {True: [], False: []}
    for line in lines:
        if (line.account, line.amount) in told and any(feed != line.feed for feed in told[line.account, line.amount]):
            line_match(line=line)
        else:
            groups[line.amount in waited].append(line.pk)
    for likely, pks in groups.items():
        fresh = BankLine.objects.filter(pk__in=pks, state=State.NEW)
        fresh.update(state=State.OPEN, outcome=Outcome.UNKNOWN.value, is_likely=likely)


def other_sources(cooperative_id: int, lines: list[BankLine]) -> dict[tuple[str, int], set[str]]:
    """Which sources told about an account and a sum in the days of these lines."""
    first = min(line.occurred_at for line in lines) - SAME_MOVEMENT
    last = max(line.occurred_at for line in lines) + SAME_MOVEMENT
    feeds = {line.feed for line in lines}
    rows = BankLine.objects.filter(cooperative_id=cooperative_id, occurred_at__range=(first, last))
    if len(feeds) == 1:
        rows = rows.exclude(Q(feed__in=feeds))
    told: dict[tuple[str, int], set[str]] = {}
    for account, amount, feed in rows.values_list("account", "amount", "feed"):
        told.setdefault((account, amount), set()).add(feed)
    return told
