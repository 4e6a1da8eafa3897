"""An archive of own data: asked for, built in the background, deleted after a week."""

import logging
import tempfile

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative
from shop.core.codes import token
from shop.numbers.models import ARCHIVE_LIFE, DataExport
from shop.numbers.owndata.archive import archive_write, steps_of

State = DataExport.State
logger = logging.getLogger(__name__)


def archive_ask(*, cooperative: Cooperative, by: str) -> DataExport:
    """Have an archive built; the one under way when there is one already (the button pressed twice)."""
    known = under_way(cooperative)
    if known:
        return known
    try:
        with transaction.atomic():
            export = DataExport.objects.create(cooperative=cooperative, by=by[:254], total=steps_of(cooperative))
            archive_build_later.enqueue(export.pk)
            entry_add(
                action="own_data.asked", subject=f"own_data:{export.pk}", by=by, scope=f"cooperative:{cooperative.pk}"
            )
    except IntegrityError:  # two people at once
        known = under_way(cooperative)
        if known is None:
            raise
        return known
    return export


@task()
def archive_build_later(export_pk: int) -> None:
    """Build it; what goes wrong is told on the page, and the next archive may be asked for."""
    export = DataExport.objects.select_related("cooperative").filter(pk=export_pk, state=State.WAITING).first()
    if export is None:
        return
    try:
        archive_build(export=export)
    except Exception:
        DataExport.objects.filter(pk=export_pk, state=State.WAITING).update(state=State.FAILED)
        logger.exception("own data failed export=%s", export_pk)


def archive_build(*, export: DataExport) -> bool:
    """Write the archive into the private storage; True when this call made it ready. Safe to run twice at once."""
    waiting = DataExport.objects.filter(pk=export.pk, state=State.WAITING)
    with tempfile.TemporaryFile() as out:
        archive_write(out, export.cooperative, lambda done: waiting.update(done=done))
        size = out.tell()
        out.seek(0)
        storage = export.file.storage
        name = storage.save(f"own-data/{export.cooperative_id}/{token(20).lower()}.zip", File(out))
    ready = {"state": State.READY, "file": name, "size": size, "ready_at": timezone.now(), "done": export.total}
    if waiting.update(**ready):
        return True
    storage.delete(name)  # somebody else was faster
    return False


def archives_expire() -> int:
    """Delete archives that were ready for a week; returns how many. For the clock."""
    old = DataExport.objects.filter(state=State.READY, ready_at__lte=timezone.now() - ARCHIVE_LIFE)
    gone = 0
    for export in old:
        name = export.file.name
        if DataExport.objects.filter(pk=export.pk, state=State.READY).update(state=State.EXPIRED, file="", size=0):
            export.file.storage.delete(name)
            gone += 1
    return gone


def under_way(cooperative: Cooperative) -> DataExport | None:
    """The archive that is being built."""
    return DataExport.objects.filter(cooperative=cooperative, state=State.WAITING).first()
