"""Tasks whose worker was killed: the queue itself leaves them RUNNING for ever.

The queue stores which workers started a task and when, but no sign of life: only its age tells that a task's worker is
gone. Every task of the shop can run twice, even at the same time, and come to the same end, so a slow worker that is
taken for dead does no harm.
"""

import logging
from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

#: How often a task is put back. One that kills its worker every time must not do so for ever.
RESCUES = 3
LIMIT = 200  # tasks looked at in one run


class WorkerGone(Exception):
    """What a task that was given up on failed with."""


def tasks_rescue(older_than_s: int = 120) -> int:
    """Put tasks back into the queue that have been running for ``older_than_s`` seconds; returns how many.

    The time must be longer than the longest task. Each start of a task adds an entry to its ``worker_ids``: their
    number tells how often it was put back, and after RESCUES times it has failed. Safe to run in parallel: each change
    carries the state it was decided on.
    """
    over = timezone.now() - timedelta(seconds=older_than_s)
    stale = DBTaskResult.objects.running().filter(started_at__lt=over).order_by("started_at")[:LIMIT]
    rows = list(stale.values_list("pk", "task_path", "worker_ids", "started_at"))
    return sum(task_put_back(*row) for row in rows)


def task_put_back(pk: str, path: str, worker_ids: list[str], started_at: datetime) -> bool:
    """Make one task ready again, or let it fail when that was done often enough. False when it has moved on."""
    same = DBTaskResult.objects.filter(pk=pk, status=TaskResultStatus.RUNNING, started_at=started_at)
    if len(worker_ids) <= RESCUES:
        moved = same.update(status=TaskResultStatus.READY, started_at=None)
        if moved:
            logger.warning("task put back id=%s path=%s starts=%s", pk, path, len(worker_ids))
        return bool(moved)
    failed = same.update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        exception_class_path=f"{WorkerGone.__module__}.{WorkerGone.__qualname__}",
        traceback=f"The worker disappeared each of the {len(worker_ids)} times that this task was started.\n",
    )
    if failed:
        logger.error("task given up id=%s path=%s starts=%s", pk, path, len(worker_ids))
    return False
