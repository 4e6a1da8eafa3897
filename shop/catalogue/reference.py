"""The one product class, and the programme's sectors and sets as categories."""

from typing import Any

from oscar.core.loading import get_model

from shop.core import ocop

PRODUCT_CLASS = "san-pham-ocop"

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


def product_class_ensure() -> Any:
    """The one kind of product; its stock is counted."""
    defaults = {"name": "Sản phẩm OCOP", "track_stock": True, "requires_shipping": True}
    return get_model("catalogue", "ProductClass").objects.get_or_create(slug=PRODUCT_CLASS, defaults=defaults)[0]


def categories_ensure() -> dict[int, Any]:
    """Six sectors with their 26 sets below; gives the set's category by its number.

    Names are the official ones in Vietnamese. An English visitor reads those of the programme's table.
    """
    Category = get_model("catalogue", "Category")
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


def category_of_set(number: int) -> Any:
    """The category of one product set (1 to 26); all are made when it is absent."""
    found = get_model("catalogue", "Category").objects.filter(code=f"set-{number}").first()
    return found or categories_ensure()[number]
