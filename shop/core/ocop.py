"""The product classes of the OCOP programme: 6 sectors, 17 groups, 26 sets.

Source: Decision 26/2026/QĐ-TTg of 22 May 2026, Annexes I and II. The numbers 1 to 26 are the order of Annex II and are
stored as ``ocop_set``. Names are official in Vietnamese; the English is ours.
"""

from dataclasses import dataclass
from functools import cache

DECISION = "26/2026/QĐ-TTg"


def _language():
    """The active language, Vietnamese when Django is not set up or translation is switched off."""
    from django.core.exceptions import ImproperlyConfigured
    from django.utils.translation import get_language

    try:
        return get_language() or "vi"
    except ImproperlyConfigured:
        return "vi"


@dataclass(frozen=True)
class _Named:
    name_vi: str
    name_en: str

    @property
    def name(self):
        """The name in the active language."""
        return self.name_en if _language().startswith("en") else self.name_vi

    def __str__(self):
        return self.name


@dataclass(frozen=True)
class Sector(_Named):
    """One of the six sectors; ``slug`` is its public address and the slug of its category."""

    slug: str
    number: int

    @property
    def sets(self):
        return sets_of(self.slug)


@dataclass(frozen=True)
class Group(_Named):
    """One of the 17 groups of a sector."""

    number: int
    sector: Sector


@dataclass(frozen=True)
class OcopSet(_Named):
    """One of the 26 product sets, each with its own criteria."""

    number: int
    group: Group

    @property
    def sector(self):
        return self.group.sector


# (slug, Vietnamese, English, ((group vi, group en, ((set vi, set en), ...)), ...))
_ANNEX = (
    (
        "thuc-pham",
        "Thực phẩm",
        "Food",
        (
            (
                "Thực phẩm tươi sống",
                "Fresh food",
                (
                    ("Rau, củ, quả, hạt tươi", "Fresh vegetables, roots, fruit and seeds"),
                    ("Thịt, thủy sản, trứng, sữa tươi", "Meat, fish, eggs and fresh milk"),
                ),
            ),
            (
                "Thực phẩm thô, sơ chế",
                "Raw and minimally processed food",
                (
                    ("Gạo, ngũ cốc, hạt sơ chế khác", "Rice, cereals and other dried grains"),
                    (
                        "Mật ong, mật khác và nông sản thực phẩm khác",
                        "Honey, other nectars and other farm foods",
                    ),
                ),
            ),
            (
                "Thực phẩm chế biến",
                "Processed food",
                (
                    ("Đồ ăn nhanh", "Ready-to-eat food"),
                    ("Chế biến từ gạo, ngũ cốc", "Made from rice and cereals"),
                    ("Chế biến từ rau, củ, quả, hạt", "Made from vegetables, roots, fruit and seeds"),
                    (
                        (
                            "Chế biến từ thịt, thủy sản, trứng, sữa, các sản phẩm từ mật ong, mật khác và nông sản "
                            "thực phẩm khác"
                        ),
                        "Made from meat, fish, eggs, milk, honey, other nectars and other farm foods",
                    ),
                ),
            ),
            (
                "Gia vị",
                "Seasonings",
                (
                    (
                        "Tương, nước mắm, gia vị dạng lỏng khác",
                        "Soy sauce, fish sauce and other liquid seasonings",
                    ),
                    ("Gia vị khác", "Other seasonings"),
                ),
            ),
            (
                "Chè",
                "Tea",
                (
                    ("Chè tươi, chế biến", "Fresh and processed tea"),
                    ("Sản phẩm chè từ thực vật khác", "Herbal teas from other plants"),
                ),
            ),
            ("Cà phê, ca cao", "Coffee and cocoa", (("Cà phê, ca cao", "Coffee and cocoa"),)),
        ),
    ),
    (
        "do-uong",
        "Đồ uống",
        "Drinks",
        (
            (
                "Đồ uống có cồn",
                "Alcoholic drinks",
                (("Rượu trắng", "Rice spirit"), ("Đồ uống có cồn khác", "Other alcoholic drinks")),
            ),
            (
                "Đồ uống không cồn",
                "Soft drinks",
                (
                    ("Nước khoáng thiên nhiên, nước uống đóng chai", "Mineral water and bottled water"),
                    ("Đồ uống không cồn", "Soft drinks"),
                ),
            ),
        ),
    ),
    (
        "duoc-lieu",
        "Dược liệu và sản phẩm từ dược liệu",
        "Medicinal herbs and herbal products",
        (
            (
                "Thực phẩm chức năng, thuốc dược liệu, thuốc cổ truyền",
                "Functional food, herbal and traditional medicine",
                (
                    (
                        "Thực phẩm chức năng, thuốc dược liệu, thuốc cổ truyền",
                        "Functional food, herbal and traditional medicine",
                    ),
                ),
            ),
            (
                "Mỹ phẩm có thành phần từ dược liệu",
                "Herbal cosmetics",
                (("Mỹ phẩm có thành phần từ dược liệu", "Herbal cosmetics"),),
            ),
            (
                "Tinh dầu và dược liệu khác",
                "Essential oils and other herbs",
                (("Tinh dầu và dược liệu khác", "Essential oils and other herbs"),),
            ),
        ),
    ),
    (
        "thu-cong-my-nghe",
        "Hàng thủ công mỹ nghệ",
        "Handicrafts",
        (
            (
                "Thủ công mỹ nghệ gia dụng, trang trí",
                "Crafts for the home",
                (("Thủ công mỹ nghệ gia dụng, trang trí", "Crafts for the home"),),
            ),
            ("Vải, may mặc", "Fabric and clothing", (("Vải, may mặc", "Fabric and clothing"),)),
        ),
    ),
    (
        "sinh-vat-canh",
        "Sinh vật cảnh",
        "Ornamental plants and animals",
        (
            ("Hoa", "Flowers", (("Hoa", "Flowers"),)),
            ("Cây cảnh", "Ornamental plants", (("Cây cảnh", "Ornamental plants"),)),
            ("Động vật cảnh", "Ornamental animals", (("Động vật cảnh", "Ornamental animals"),)),
        ),
    ),
    (
        "du-lich-cong-dong",
        "Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch",
        "Community tourism, ecotourism and places to visit",
        (
            (
                "Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch",
                "Community tourism, ecotourism and places to visit",
                (
                    (
                        "Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch",
                        "Community tourism, ecotourism and places to visit",
                    ),
                ),
            ),
        ),
    ),
)


def _build():
    sectors, groups, sets = [], [], []
    for slug, sector_vi, sector_en, its_groups in _ANNEX:
        sectors.append(Sector(sector_vi, sector_en, slug, len(sectors) + 1))
        for group_vi, group_en, its_sets in its_groups:
            groups.append(Group(group_vi, group_en, len(groups) + 1, sectors[-1]))
            for set_vi, set_en in its_sets:
                sets.append(OcopSet(set_vi, set_en, len(sets) + 1, groups[-1]))
    return tuple(sectors), tuple(groups), tuple(sets)


SECTORS, GROUPS, SETS = _build()

# An age gate and the seller's alcohol licence are needed for these sets.
ALCOHOL = frozenset({14, 15})

# Sets whose page must carry the phrase below, in Vietnamese whatever the language of the page.
FUNCTIONAL_FOOD = frozenset({18})
FUNCTIONAL_FOOD_PHRASE = "Thực phẩm này không phải là thuốc, không có tác dụng thay thế thuốc chữa bệnh"
FUNCTIONAL_FOOD_PHRASE_EN = "This food is not a medicine and does not replace medicine for treating illness"


@cache
def sets_of(sector):
    """The sets of a sector, given as :class:`Sector` or slug; empty when there is no such sector."""
    slug = getattr(sector, "slug", sector)
    return tuple(s for s in SETS if s.sector.slug == slug)


def sector(slug):
    """The sector with this slug, or None."""
    return next((s for s in SECTORS if s.slug == slug), None)


def set_(number):
    """The set with this number, 1 to 26. Raises KeyError for any other number."""
    if number not in range(1, len(SETS) + 1):
        raise KeyError(number)
    return SETS[number - 1]


def set_choices():
    """Choices for a form, grouped by sector, in the active language: ``[(sector, [(1, "1. ..."), ...]), ...]``."""
    return [(s.name, [(o.number, f"{o.number}. {o.name}") for o in s.sets]) for s in SECTORS]
