"""Every change to a cooperative's own settings; each function is one transaction and safe to call twice."""

from django.db import transaction

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative


@transaction.atomic
def cooperative_cash_set(*, cooperative: Cooperative, accepts: bool, limit: int | None, by: str) -> Cooperative:
    """Whether buyers may pay the cooperative in cash at the door, up to ``limit`` dong a parcel.

    None: up to the market's own limit. Orders placed before stay as they are.
    """
    locked = Cooperative.objects.select_for_update(no_key=True, of=("self",)).get(pk=cooperative.pk)
    before = {"accepts": locked.accepts_cod, "limit": locked.cod_limit}
    after = {"accepts": accepts, "limit": limit}
    if before == after:
        return locked
    locked.accepts_cod, locked.cod_limit = accepts, limit
    locked.save(update_fields=["accepts_cod", "cod_limit"])
    entry_add(
        action="cooperative.cash",
        subject=f"cooperative:{locked.pk}",
        by=by,
        scope=f"cooperative:{locked.pk}",
        before=before,
        after=after,
    )
    return locked
