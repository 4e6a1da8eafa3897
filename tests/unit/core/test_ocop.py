import pytest

from shop.core import ocop
from shop.core.text import slugify_vi


def test_counts_of_the_decision():
    assert (len(ocop.SECTORS), len(ocop.GROUPS), len(ocop.SETS)) == (6, 17, 26)
    assert [len(s.sets) for s in ocop.SECTORS] == [13, 4, 3, 2, 3, 1]
    assert [s.number for s in ocop.SETS] == list(range(1, 27))
    assert [g.number for g in ocop.GROUPS] == list(range(1, 18))


@pytest.mark.parametrize(
    ("number", "name", "sector"),
    [
        (1, "Rau, củ, quả, hạt tươi", "thuc-pham"),
        (13, "Cà phê, ca cao", "thuc-pham"),
        (14, "Rượu trắng", "do-uong"),
        (18, "Thực phẩm chức năng, thuốc dược liệu, thuốc cổ truyền", "duoc-lieu"),
        (22, "Vải, may mặc", "thu-cong-my-nghe"),
        (25, "Động vật cảnh", "sinh-vat-canh"),
        (26, "Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch", "du-lich-cong-dong"),
    ],
)
def test_numbers_are_those_of_annex_2(number, name, sector):
    found = ocop.set_(number)
    assert (found.number, found.name_vi, found.sector.slug) == (number, name, sector)


@pytest.mark.parametrize("number", [0, 27, -1, None, "1"])
def test_no_such_set(number):
    with pytest.raises(KeyError):
        ocop.set_(number)


def test_sets_by_slug_or_sector():
    drinks = ocop.sector("do-uong")
    assert ocop.sets_of("do-uong") == ocop.sets_of(drinks) == drinks.sets
    assert {s.number for s in drinks.sets if s.group.number == drinks.sets[0].group.number} == ocop.ALCOHOL
    assert ocop.sets_of("nothing") == ()
    assert ocop.sector("nothing") is None


def test_slugs_are_ascii_and_unique():
    slugs = [s.slug for s in ocop.SECTORS]
    assert len(set(slugs)) == 6
    assert all(slug == slugify_vi(slug) for slug in slugs)


def test_every_name_has_both_languages():
    for named in (*ocop.SECTORS, *ocop.GROUPS, *ocop.SETS):
        assert named.name_vi
        assert named.name_en.isascii()
        assert named.name_en


@pytest.mark.parametrize(("language", "name"), [("vi", "Rượu trắng"), ("en", "Rice spirit"), ("en-gb", "Rice spirit")])
def test_name_follows_the_language(monkeypatch, language, name):
    monkeypatch.setattr(ocop, "_language", lambda: language)
    assert ocop.set_(14).name == str(ocop.set_(14)) == name


def test_choices_hold_every_set_once():
    numbers = [number for _, group in ocop.set_choices() for number, _ in group]
    assert numbers == list(range(1, 27))


def test_functional_food():
    assert {18} == ocop.FUNCTIONAL_FOOD
    assert "không phải là thuốc" in ocop.FUNCTIONAL_FOOD_PHRASE
