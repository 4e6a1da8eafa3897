import unicodedata
from collections import Counter

import pytest

from shop.core import places

DONG_THAP = "82"


def names(found):
    return [c.name for c in found]


def test_34_provinces():
    types = Counter(p.type for p in places.provinces())
    assert types == {"tinh": 25, "thanh_pho": 9}
    assert len({p.code for p in places.provinces()}) == len({p.slug for p in places.provinces()}) == 34


def test_provinces_in_vietnamese_order():
    order = [p.name for p in places.provinces()]
    assert order[:3] == ["An Giang", "Bắc Ninh", "Cà Mau"]
    assert order.index("Cần Thơ") < order.index("Đà Nẵng") < order.index("Gia Lai")


def test_3321_communes():
    everyone = [c for p in places.provinces() for c in places.communes_of(p.code)]
    assert Counter(c.type for c in everyone) == {"xa": 2599, "phuong": 709, "dac_khu": 13}
    assert len({c.code for c in everyone}) == 3321
    assert all(len(c.code) == 5 and c.code.isdecimal() for c in everyone)
    assert all(unicodedata.is_normalized("NFC", c.name) for c in everyone)


def test_every_name_begins_with_its_type():
    for p in places.provinces():
        for c in places.communes_of(p.code):
            assert c.name.lower() == f"{places.COMMUNE_TYPES[c.type]} {c.short_name}".lower()


def test_dong_thap_has_102_communes():
    assert Counter(c.type for c in places.communes_of(DONG_THAP)) == {"xa": 82, "phuong": 20}


def test_commune_words():
    vinh_kim = places.commune("28576")
    assert (vinh_kim.name, vinh_kim.short_name) == ("Xã Vĩnh Kim", "Vĩnh Kim")
    assert vinh_kim.full_name == "Xã Vĩnh Kim, Đồng Tháp"
    assert vinh_kim.province.full_name == "Tỉnh Đồng Tháp"
    assert places.province("79").full_name == "Thành phố Hồ Chí Minh"


@pytest.mark.parametrize("code", ["", None, "99999", "28576 ", 0])
def test_unknown_codes(code):
    assert places.commune(code) is None
    assert places.province(code) is None
    assert places.communes_of(code) == ()


@pytest.mark.parametrize("typed", ["vinh kim", "Vĩnh Kim", "xa vinh k", "kim vinh", "vĩnhkim"])
def test_find(typed):
    assert names(places.find_communes(DONG_THAP, typed))[0] == "Xã Vĩnh Kim"


def test_find_puts_names_that_begin_so_first():
    found = names(places.find_communes(DONG_THAP, "long", limit=20))
    assert found[:2] == ["Xã Long Bình", "Xã Long Định"]
    assert "Xã Hòa Long" in found[5:]


def test_find_puts_matching_marks_first():
    assert names(places.find_communes(DONG_THAP, "tân thạnh")) == ["Xã Tân Thạnh", "Xã Tân Thành"]
    assert names(places.find_communes(DONG_THAP, "tân thành")) == ["Xã Tân Thành", "Xã Tân Thạnh"]
    assert names(places.find_communes(DONG_THAP, "xã mỹ thọ"))[0] == "Xã Mỹ Thọ"


def test_find_limits_and_stays_in_the_province():
    assert len(places.find_communes(DONG_THAP, "", limit=7)) == 7
    assert places.find_communes(DONG_THAP, "ba đình") == []
    assert places.find_communes("", "vĩnh kim") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Vĩnh Kim", "28576"),
        ("xa vinh kim", "28576"),
        ("X. Vĩnh Kim", "28576"),
        ("p.my tho", "28261"),
        ("phường Mỹ Tho", "28261"),
        ("xã mỹ thọ", "30076"),
        ("Mỹ Quý", "30055"),
        ("Tân Thạnh", "30157"),
        ("Thanh Hoà", "28436"),
        ("tân phước 1", "28321"),
    ],
)
def test_resolve(typed, code):
    assert places.resolve(DONG_THAP, typed).code == code


@pytest.mark.parametrize("typed", ["", "tan thanh", "xa tan thanh", "my tho", "Vĩnh", "xã", "phường Vĩnh Kim", None])
def test_resolve_never_guesses(typed):
    assert places.resolve(DONG_THAP, typed) is None


def test_resolve_finds_every_commune_by_its_own_name():
    for p in places.provinces():
        for c in places.communes_of(p.code):
            assert places.resolve(p.code, c.name) == c


@pytest.mark.parametrize(
    ("dest", "zone"),
    [
        ("28576", "commune"),
        ("28261", "province"),
        ("26740", "south"),
        ("00004", "country"),
        ("99999", "country"),
        ("", "country"),
    ],
)
def test_zones_from_vinh_kim(dest, zone):
    assert places.zone_between("28576", dest) == zone


def test_two_northern_provinces_are_not_south():
    lao_cai = places.communes_of("15")[0].code
    assert places.zone_between("00004", lao_cai) == "country"
    assert places.zone_between("00004", "00008") == "province"


def test_the_south_exists():
    assert {places.province(code).name for code in places.SOUTH} == {
        "An Giang",
        "Cà Mau",
        "Cần Thơ",
        "Đồng Nai",
        "Đồng Tháp",
        "Hồ Chí Minh",
        "Tây Ninh",
        "Vĩnh Long",
    }


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("ấp Long Bình, xã Bàn Long, huyện Châu Thành, Tiền Giang", ["Xã Vĩnh Kim"]),
        ("xa Ban Long huyen Chau Thanh", ["Xã Vĩnh Kim"]),
        ("Bàn Long, H.Châu Thành", ["Xã Vĩnh Kim"]),
        ("Phường 5, TP. Mỹ Tho", ["Phường Đạo Thạnh"]),
        ("12 Lê Lợi, P5, TP Mỹ Tho", ["Phường Đạo Thạnh"]),
        ("phường 3 thị xã Cai Lậy", ["Phường Mỹ Phước Tây"]),
        ("phường 3 thị xã Cai Lậy tỉnh Tiền Giang", ["Phường Mỹ Phước Tây"]),
        (unicodedata.normalize("NFD", "xã Bàn Long, huyện Châu Thành"), ["Xã Vĩnh Kim"]),
        ("thị trấn Mỹ Phước, huyện Tân Phước", ["Xã Tân Phước 1"]),
    ],
)
def test_old_address_gets_a_hint(address, wanted):
    assert names(places.old_names_hint(address, DONG_THAP)) == wanted


def test_split_commune_gives_all_its_heirs():
    found = names(places.old_names_hint("xã Gáo Giồng, huyện Cao Lãnh", DONG_THAP))
    assert sorted(found) == ["Xã Phong Mỹ", "Xã Phú Cường"]


@pytest.mark.parametrize(
    "address",
    [
        "số 5 Nguyễn Trãi, khóm 2",
        "ấp Vĩnh Thạnh, xã Vĩnh Kim",
        "Phường 1, TP. Vĩnh Long",
        "huyện Châu Thành",
        "",
        None,
    ],
)
def test_no_hint(address):
    assert places.old_names_hint(address, DONG_THAP) == []


def test_hint_stays_in_the_province():
    assert places.old_names_hint("xã Bàn Long, huyện Châu Thành", "79") == []


def test_banks():
    assert len(places.banks()) == len({b.bin for b in places.banks()}) == 57
    assert places.bank("970405").short_name == "Agribank"
    assert places.bank("970414").short_name == "MBV"
    assert places.bank("970449").short_name == "LPBank"
    assert places.bank("000000") is None
    assert all(len(b.bin) == 6 and b.bin.isdecimal() for b in places.banks())
