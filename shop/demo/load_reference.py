"""What a shop needs before its first product: country, product class, the programme's decisions and categories."""

from datetime import date
from typing import Any

from oscar.core.loading import get_model

from shop.certifications.models import LegalBasis
from shop.core import ocop

Category = get_model("catalogue", "Category")
Country = get_model("address", "Country")
ProductClass = get_model("catalogue", "ProductClass")

PRODUCT_CLASS = "san-pham-ocop"

#: Decision, signed, in force from, in force to, what it rules. An end or a start that is not published stays empty.
DECISIONS = (
    ("148/QĐ-TTg", date(2023, 2, 24), date(2023, 2, 24), None, "Bộ tiêu chí và quy trình đánh giá, 26 bộ tiêu chí"),
    ("1489/QĐ-TTg", date(2025, 7, 6), date(2025, 7, 6), None, "Sửa quy trình của 148/QĐ-TTg, bỏ cấp huyện"),
    ("26/2026/QĐ-TTg", date(2026, 5, 22), None, None, "Bộ tiêu chí và quy trình đánh giá hiện hành"),
)

#: Last part of a category's address, in the order of the sets. Short, because people read it out and share it.
SET_SLUGS = (
    "rau-cu-qua-tuoi",
    "thit-thuy-san-trung-sua-tuoi",
    "gao-ngu-coc-hat",
    "mat-ong-nong-san-khac",
    "do-an-nhanh",
    "che-bien-tu-gao-ngu-coc",
    "che-bien-tu-rau-cu-qua-hat",
    "che-bien-tu-thit-thuy-san-trung-sua",
    "nuoc-mam-tuong-gia-vi-long",
    "gia-vi-khac",
    "che-tuoi-che-bien",
    "tra-thao-moc",
    "ca-phe-ca-cao",
    "ruou-trang",
    "do-uong-co-con-khac",
    "nuoc-khoang-nuoc-uong-dong-chai",
    "do-uong-khong-con",
    "thuc-pham-chuc-nang-thuoc-co-truyen",
    "my-pham-duoc-lieu",
    "tinh-dau-duoc-lieu-khac",
    "do-thu-cong-gia-dung-trang-tri",
    "vai-may-mac",
    "hoa",
    "cay-canh",
    "dong-vat-canh",
    "tour-va-diem-du-lich",
)


def country_ensure() -> Any:
    """Viet Nam, the one country the shop sends to."""
    words = {"printable_name": "Việt Nam", "name": "Việt Nam", "is_shipping_country": True}
    codes = {"iso_3166_1_a3": "VNM", "iso_3166_1_numeric": "704"}
    return Country.objects.get_or_create(iso_3166_1_a2="VN", defaults=words | codes)[0]


def product_class_ensure() -> Any:
    """The one kind of product; its stock is counted."""
    defaults = {"name": "Sản phẩm OCOP", "track_stock": True, "requires_shipping": True}
    return ProductClass.objects.get_or_create(slug=PRODUCT_CLASS, defaults=defaults)[0]


def legal_bases_ensure() -> list[LegalBasis]:
    """The decisions that certificates are issued under, oldest first."""
    for decision, signed, start, end, note in DECISIONS:
        defaults = {"signed_on": signed, "effective_from": start, "effective_to": end, "note": note}
        LegalBasis.objects.get_or_create(decision=decision, defaults=defaults)
    return list(LegalBasis.objects.filter(decision__in=[row[0] for row in DECISIONS]))


def categories_ensure() -> dict[int, Any]:
    """Six sectors with their 26 sets below; gives the set's category by its number.

    Names are the official ones in Vietnamese. An English visitor reads those of the programme's table.
    """
    known = {category.code: category for category in Category.objects.filter(code__isnull=False)}
    for sector in ocop.SECTORS:
        code = f"sector-{sector.number}"
        root = known.get(code) or Category.add_root(code=code, name=sector.name_vi, slug=sector.slug)
        for product_set in sector.sets:
            code = f"set-{product_set.number}"
            if code not in known:
                slug = SET_SLUGS[product_set.number - 1]
                known[code] = root.add_child(code=code, name=product_set.name_vi, slug=slug)
                root.refresh_from_db()
    return {product_set.number: known[f"set-{product_set.number}"] for product_set in ocop.SETS}
