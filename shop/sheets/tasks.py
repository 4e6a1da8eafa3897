"""Sheets in the background; every task may run twice, and a second worker does no harm."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from shop.sheets.models import SheetJob
from shop.sheets.services import files_delete, job_check, job_drop
from shop.sheets.taking import batch_take, job_finish, pictures_take

State = SheetJob.State
#: A job that gave no sign of life for so long has lost its worker.
LOST = timedelta(minutes=2)
#: How long a sheet waits for somebody to press the button, and how long its rows are kept afterwards.
WAITS, KEPT = timedelta(days=7), timedelta(days=30)


@task()
def job_run(pk: int) -> None:
    """Go on with a sheet from wherever it stands."""
    job_work(pk)


def job_work(pk: int) -> None:
    """Look at a sheet, or write its rows batch by batch, then its pictures one by one."""
    job = SheetJob.objects.select_related("cooperative").filter(pk=pk).first()
    if job and job.state == State.CHECKING:
        job_check(job)
    elif job and job.state == State.TAKING:
        while batch_take(pk):
            pass
        pictures_take(pk)
        job_finish(pk)


def jobs_resume() -> int:
    """Give sheets whose worker died a new one; the number of sheets."""
    lost = SheetJob.objects.filter(state__in=(State.CHECKING, State.TAKING), touched_at__lt=timezone.now() - LOST)
    count = 0
    for job in lost:
        # The one who moves the sign of life has the job.
        if lost.filter(pk=job.pk).update(touched_at=timezone.now()):
            job_run.enqueue(job.pk)
            count += 1
    return count


def jobs_clear() -> int:
    """Drop sheets that nobody took, and the rows of those that are long done; the number of sheets."""
    now = timezone.now()
    count = 0
    for job in SheetJob.objects.filter(state=State.READY, touched_at__lt=now - WAITS):
        job_drop(job=job, by="clock")
        count += 1
    old = Q(finished_at__lt=now - KEPT)
    for job in SheetJob.objects.filter(old):
        files_delete(job)
        job.delete()
        count += 1
    return count
