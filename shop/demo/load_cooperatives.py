"""Producers of the demo: partner, cooperative, identity and a bank account that no bank has."""

from typing import Any

from oscar.core.loading import get_model

from shop.cooperatives.models import Cooperative
from shop.core.text import fold
from shop.demo.load_identities import identity_create
from shop.demo.source import cooperatives, draw
from shop.payment.vietqr.models import BankAccount

Partner = get_model("partner", "Partner")

#: Agribank, VietinBank, BIDV, Vietcombank, LPBank, Co-opBank, Sacombank, MB, ACB, KienlongBank.
BANKS = ("970405", "970415", "970418", "970436", "970449", "970446", "970403", "970422", "970416", "970452")
WORDS = ("kind", "name", "name_en", "legal_name", "representative", "ward_code", "address", "emblem", "scene")
TEXTS = ("intro_vi", "intro_en", "pickup_vi", "pickup_en", "accepts_cod")


def cooperatives_ensure() -> tuple[dict[str, Cooperative], list[Cooperative]]:
    """All producers of the demo by the name in the source, and those that this run created.

    One that exists (by partner code or by address) is left as it is, whatever a user made of it.
    """
    slugs = [row["slug"] for row in cooperatives()]
    every = Cooperative.objects.select_related("partner")
    found = {row.slug: row for row in every.filter(slug__in=slugs)}
    found |= {row.partner.code: row for row in every.filter(partner__code__in=slugs)}
    created = []
    for number, row in enumerate(cooperatives(), 1):
        if row["slug"] not in found:
            found[row["slug"]] = _create(row, number)
            created.append(found[row["slug"]])
    return {row["name"]: found[row["slug"]] for row in cooperatives()}, created


def _create(row: dict[str, Any], number: int) -> Cooperative:
    partner, _ = Partner.objects.get_or_create(code=row["slug"], defaults={"name": row["name"]})
    phone = f"+84900000{number:03d}"
    cooperative = Cooperative.objects.create(
        partner=partner,
        slug=row["slug"],
        tax_code=f"{number:010d}",
        phone=phone,
        zalo=phone,
        is_published=True,
        is_sample=True,
        **{name: row[name] for name in WORDS + TEXTS},
    )
    BankAccount.objects.create(
        cooperative=cooperative,
        bin=BANKS[draw(f"bank {row['slug']}", 0, len(BANKS) - 1)],
        number=f"0000999{number:07d}",
        holder=account_holder(row["name"]),
    )
    identity_create(cooperative)
    return cooperative


def account_holder(name: str) -> str:
    """A holder as banks write it, ending in MAU ("sample"): ``HTX VU SUA VINH KIM MAU``, 50 characters at most."""
    plain = fold(name.replace("(mẫu)", "")).upper()
    return f"{plain[:46].rstrip()} MAU"
