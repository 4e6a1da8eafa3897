"""What a shop needs before its first product: country and the programme's decisions."""

from datetime import date
from typing import Any

from oscar.core.loading import get_model

from shop.certifications.models import LegalBasis

Country = get_model("address", "Country")

#: Decision, signed, in force from, in force to, what it rules. An end or a start that is not published stays empty.
DECISIONS = (
    ("148/QĐ-TTg", date(2023, 2, 24), date(2023, 2, 24), None, "Bộ tiêu chí và quy trình đánh giá, 26 bộ tiêu chí"),
    ("1489/QĐ-TTg", date(2025, 7, 6), date(2025, 7, 6), None, "Sửa quy trình của 148/QĐ-TTg, bỏ cấp huyện"),
    ("26/2026/QĐ-TTg", date(2026, 5, 22), None, None, "Bộ tiêu chí và quy trình đánh giá hiện hành"),
)


def country_ensure() -> Any:
    """Viet Nam, the one country the shop sends to."""
    words = {"printable_name": "Việt Nam", "name": "Việt Nam", "is_shipping_country": True}
    codes = {"iso_3166_1_a3": "VNM", "iso_3166_1_numeric": "704"}
    return Country.objects.get_or_create(iso_3166_1_a2="VN", defaults=words | codes)[0]


def legal_bases_ensure() -> list[LegalBasis]:
    """The decisions that certificates are issued under, oldest first."""
    for decision, signed, start, end, note in DECISIONS:
        defaults = {"signed_on": signed, "effective_from": start, "effective_to": end, "note": note}
        LegalBasis.objects.get_or_create(decision=decision, defaults=defaults)
    return list(LegalBasis.objects.filter(decision__in=[row[0] for row in DECISIONS]))
