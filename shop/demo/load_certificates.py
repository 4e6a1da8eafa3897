"""Sample certificates in every state a shop meets. Dates count from the day of loading, so the mix stays the same."""

from bisect import bisect_right
from datetime import date, timedelta
from hashlib import sha256

from shop.certifications.models import SOON_DAYS, VALID_MONTHS, Certification, LegalBasis
from shop.core.dates import add_months, today
from shop.demo.source import Goods, draw, goods
from shop.listings.models import Listing

EXPIRED, SOON, REVOKED = 8, 12, 2
#: Shown in guides and pictures, so their state is fixed: in force, and out of time.
ALWAYS_IN_FORCE = ("vu-sua-lo-ren-vinh-kim", "xoai-cat-hoa-loc", "mam-tom-cha-go-cong", "nem-lai-vung")
ALWAYS_EXPIRED = ("nhan-idor-chau-thanh",)

SAMPLE = "(dữ liệu mẫu)"
#: Until that day districts gave three stars, and there were two provinces where there is one now.
MERGED_ON = date(2025, 7, 1)
#: Former districts by the first commune code of each; codes follow the old map.
DISTRICTS = (
    ("28249", "thành phố Mỹ Tho"),
    ("28294", "thị xã Gò Công"),
    ("28321", "huyện Tân Phước"),
    ("28360", "huyện Cái Bè"),
    ("28435", "thị xã Cai Lậy"),
    ("28441", "huyện Cai Lậy"),
    ("28519", "huyện Châu Thành"),
    ("28594", "huyện Chợ Gạo"),
    ("28651", "huyện Gò Công Tây"),
    ("28693", "huyện Tân Phú Đông"),
    ("28702", "huyện Gò Công Đông"),
    ("29869", "thành phố Cao Lãnh"),
    ("29905", "thành phố Sa Đéc"),
    ("29926", "huyện Tân Hồng"),
    ("29954", "thành phố Hồng Ngự"),
    ("29971", "huyện Hồng Ngự"),
    ("30001", "huyện Tam Nông"),
    ("30037", "huyện Tháp Mười"),
    ("30076", "huyện Cao Lãnh"),
    ("30130", "huyện Thanh Bình"),
    ("30169", "huyện Lấp Vò"),
    ("30208", "huyện Lai Vung"),
    ("30244", "huyện Châu Thành"),
)


def states() -> dict[str, str]:
    """``expired``, ``soon``, ``revoked`` or ``in_force`` for every product with stars, by slug; the same each time."""
    starred = [item for item in goods() if item.stars >= 3]
    found = dict.fromkeys((item.slug for item in starred), "in_force") | dict.fromkeys(ALWAYS_EXPIRED, "expired")
    free = [item.slug for item in starred if item.stars < 5 and item.slug not in ALWAYS_IN_FORCE + ALWAYS_EXPIRED]
    free.sort(key=lambda slug: sha256(f"certificate {slug}".encode()).digest())
    kinds = ["expired"] * (EXPIRED - len(ALWAYS_EXPIRED)) + ["soon"] * SOON + ["revoked"] * REVOKED
    return found | dict(zip(free, kinds, strict=False))


def certificates_create(listings: dict[str, Listing], bases: list[LegalBasis]) -> None:
    """Certificates of the listings that have just been created (by slug); none without stars.

    One of them asks for a star more: a draft, which must never show.
    """
    kinds = states()
    rows = [
        _certificate(item, listings[item.slug], kinds[item.slug], bases) for item in goods() if _rated(item, listings)
    ]
    upgraded = listings.get(ALWAYS_IN_FORCE[-1])
    if upgraded:
        rows.append(_upgrade(upgraded, bases))
    Certification.objects.bulk_create(rows)


def _rated(item: Goods, listings: dict[str, Listing]) -> bool:
    return item.slug in listings and item.stars >= 3


def _certificate(item: Goods, listing: Listing, kind: str, bases: list[LegalBasis]) -> Certification:
    day = today()
    signed = _signed(item.slug, kind, day)
    revoked = kind == "revoked"
    return Certification(
        listing=listing,
        stars=item.stars,
        decision_no=_number(item, signed),
        decision_date=signed,
        issuer=_issuer(item, signed),
        legal_basis=_basis(bases, signed),
        product_code=f"82-{item.ward_code}-{draw(f'serial {item.slug}', 1, 99)}-{signed.year}",
        status=Certification.Status.REVOKED if revoked else Certification.Status.VERIFIED,
        revoked_on=day - timedelta(days=draw(f"revoked {item.slug}", 10, 60)) if revoked else None,
        is_sample=True,
    )


def _signed(slug: str, kind: str, day: date) -> date:
    """Decision date that puts the certificate into its state on that day."""
    if kind == "expired":
        return add_months(day, -VALID_MONTHS) - timedelta(days=draw(f"days {slug}", 5, 110))
    if kind == "soon":
        return add_months(day, -VALID_MONTHS) + timedelta(days=draw(f"days {slug}", 7, SOON_DAYS - 6))
    return add_months(day, -draw(f"months {slug}", 2, 31)) - timedelta(days=draw(f"days {slug}", 0, 27))


def _number(item: Goods, signed: date) -> str:
    number = draw(f"decision {item.slug}", 112, 2890)
    if item.stars == 5:
        return f"{number}/QĐ-BNNMT"
    return f"{number}/QĐ-UBND-HC" if signed < MERGED_ON and item.ward_code >= "29000" else f"{number}/QĐ-UBND"


def _issuer(item: Goods, signed: date) -> str:
    """Five stars come from the ministry, four and three from the province, three before the reform from a district."""
    if item.stars == 5:
        return f"Bộ Nông nghiệp và Môi trường {SAMPLE}"
    if signed >= MERGED_ON:
        return f"UBND tỉnh Đồng Tháp {SAMPLE}"
    if item.stars == 3:
        return f"UBND {former_district(item.ward_code)} {SAMPLE}"
    return f"UBND tỉnh {'Đồng Tháp' if item.ward_code >= '29000' else 'Tiền Giang'} {SAMPLE}"


def former_district(ward_code: str) -> str:
    """Name of the district, abolished in 2025, that a commune of Đồng Tháp lay in; good enough for samples."""
    return DISTRICTS[max(0, bisect_right([first for first, _ in DISTRICTS], ward_code) - 1)][1]


def _basis(bases: list[LegalBasis], signed: date) -> LegalBasis | None:
    return next((row for row in reversed(bases) if (row.effective_from or row.signed_on) <= signed), None)


def _upgrade(listing: Listing, bases: list[LegalBasis]) -> Certification:
    day = today()
    return Certification(
        listing=listing,
        stars=5,
        decision_no="000/QĐ-BNNMT",
        decision_date=day,
        issuer=f"Bộ Nông nghiệp và Môi trường {SAMPLE}",
        legal_basis=_basis(bases, day),
        status=Certification.Status.DRAFT,
        is_sample=True,
    )
