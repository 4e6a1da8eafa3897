"""A sheet of goods on its way in: the file, what was understood of each row, and how far the work has come."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.core.codes import token
from shop.core.private import private_storage
from shop.listings.models import Listing


def file_path(job: "SheetJob", name: str) -> str:
    """A name that nobody guesses; the sender's own is kept as text only."""
    return f"sheets/{job.cooperative_id}/{token(20).lower()}.bin"


class SheetJob(models.Model):
    """One uploaded sheet. ``checking`` -> ``ready`` -> ``taking`` -> ``done``; ``failed`` when it cannot be read.

    ``rows`` are those with something in them; ``same`` of them would change nothing. ``done_rows`` counts what the
    present stage has behind it.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("Being looked at")
        READY = "ready", _("Ready")
        TAKING = "taking", _("Coming in")
        DONE = "done", _("Done")
        FAILED = "failed", _("Could not be read")
        DROPPED = "dropped", _("Dropped")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="sheet_jobs")
    # One key, one job: a form sent twice does not make two.
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    file = models.FileField(storage=private_storage, upload_to=file_path, max_length=200)
    pictures_name = models.CharField(max_length=120, blank=True)
    pictures = models.FileField(storage=private_storage, upload_to=file_path, max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING, db_index=True)
    problem = models.CharField(max_length=40, blank=True)
    problem_row = models.PositiveIntegerField(null=True, blank=True)
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0)
    created_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now)
    taken_by = models.CharField(max_length=254, blank=True)
    # The worker's sign of life; a job without one for a while is taken up again.
    touched_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["cooperative", "key"], name="one_sheet_for_a_key")]
        verbose_name = _("Sheet of goods")
        verbose_name_plural = _("Sheets of goods")

    def __str__(self) -> str:
        return self.name

    @property
    def to_take(self) -> int:
        """Rows that will be written."""
        return self.new + self.changed

    @property
    def total(self) -> int:
        """What ``done_rows`` runs up to in the present stage."""
        return self.rows if self.state == self.State.CHECKING else self.to_take

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done_rows // self.total) if self.total else 0

    @property
    def version(self) -> str:
        """Changes whenever the page about it does."""
        return f"{self.state}-{self.done_rows}-{self.rows}"


class SheetRow(models.Model):
    """A row that would change something, or that has a fault. Rows that change nothing leave no trace.

    ``values``: what is to be written (names of ``shop.sheets.columns``); ``cells``: the row as it stood in the file,
    kept for faulty ones; ``problems``: ``[column, code, text]`` each.
    """

    class Action(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        FAULTY = "faulty", _("With a fault")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        PICTURES = "pictures", _("Pictures are coming")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Left out")

    job = models.ForeignKey(SheetJob, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=8, choices=Action)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    title = models.CharField(max_length=120, blank=True)
    listing = models.ForeignKey(Listing, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    values = models.JSONField(default=dict)
    cells = models.JSONField(default=list)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="one_line_for_a_row")]
        indexes = [models.Index(fields=["job", "state", "number"], name="sheet_lines_to_do")]
        verbose_name = _("Row of a sheet")
        verbose_name_plural = _("Rows of a sheet")

    def __str__(self) -> str:
        return f"{self.job_id}: {self.number}"

    def fault_add(self, column: str, code: str, text: Any = "") -> None:
        self.problems = [*self.problems, [column, code, str(text)[:80]]]


class SheetPicture(models.Model):
    """A picture that came with a sheet, by the digest of its file: the same one is never added twice."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "digest"], name="one_picture_of_a_kind")]
        verbose_name = _("Picture out of a sheet")
        verbose_name_plural = _("Pictures out of sheets")

    def __str__(self) -> str:
        return self.digest[:12]
