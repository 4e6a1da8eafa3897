"""Reports that wait, for the digest of a cooperative's work (settings.DIGEST_SOURCES)."""

from django.utils.translation import ngettext

from shop.claims.models import Claim
from shop.cooperatives.models import Cooperative


def claims(cooperative: Cooperative) -> list[str]:
    """``1 khiếu nại cần trả lời``, or nothing."""
    waiting = Claim.objects.filter(cooperative=cooperative, state=Claim.State.OPEN).count()
    text = ngettext("%(n)d problem to answer", "%(n)d problems to answer", waiting)
    return [text % {"n": waiting}] if waiting else []
