import unicodedata

import pytest

from shop.core import text


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Bưởi  Năm-Roi", "buoi nam roi"),
        ("ĐƯỜNG thốt nốt (mẫu)", "duong thot not mau"),
        (unicodedata.normalize("NFD", "Đồng Tháp"), "dong thap"),
        ("１２ kg", "12 kg"),
        ("B’Lao", "b lao"),
        ("a_b", "a b"),
        ("  ", ""),
        (None, ""),
        (26, "26"),
    ],
)
def test_fold(written, folded):
    assert text.fold(written) == folded


def test_fold_twice_changes_nothing():
    once = text.fold("Hủ tiếu Mỹ Tho – 500 g")
    assert text.fold(once) == once


def test_squeeze_joins_what_punctuation_parts():
    assert text.squeeze("B'Lao") == text.squeeze("B’ Lao") == "blao"


@pytest.mark.parametrize(("one", "other"), [("Hòa", "Hoà"), ("Thúy", "Thuý"), ("khỏe", "khoẻ")])
def test_exact_ignores_where_the_tone_mark_stands(one, other):
    assert text.exact(one) == text.exact(other)


def test_exact_keeps_marks():
    assert text.exact("Tân Thành") != text.exact("Tân Thạnh")


@pytest.mark.parametrize(
    ("written", "slug"),
    [("Đường thốt nốt", "duong-thot-not"), ("Sầu riêng Ri6, Ngũ Hiệp!", "sau-rieng-ri6-ngu-hiep"), ("***", "")],
)
def test_slug(written, slug):
    assert text.slugify_vi(written) == slug


def test_search_key_has_spaces_around_every_word():
    key = text.search_key("Sầu riêng Ri6", None, "", "Ngũ Hiệp")
    assert key == " sau rieng ri6 ngu hiep "
    assert " rie" in key
    assert " ieng" not in key


def test_search_key_of_nothing_is_empty():
    assert text.search_key(None, "", " - ") == ""


@pytest.mark.parametrize(
    ("phrase", "wanted"),
    [
        ("heo", ["heo", "lon"]),
        ("Lợn", ["lon", "heo"]),
        ("dứa", ["dua", "khom", "thom"]),
        ("mãng cầu", ["mang cau", "na"]),
        ("mang cau", ["mang cau", "na"]),
        ("xoài", ["xoai"]),
    ],
)
def test_expand(phrase, wanted):
    assert text.expand(phrase) == wanted


def test_marks_typed_rule_out_other_words():
    assert text.expand("quà") == ["qua"]
    assert text.expand("qua") == ["qua", "trai"]


def test_synonym_groups_are_well_formed():
    for group in text.SYNONYMS:
        assert len(group) == len({text.exact(phrase) for phrase in group}) > 1
        assert all(len(phrase.split()) <= 3 for phrase in group)


def test_terms_take_phrases_whole():
    assert text.search_terms("mãng cầu xiêm") == [["mang cau", "na "], ["xiem"]]


def test_synonyms_ask_for_whole_words():
    """Looking for "mãng cầu" must not find every mushroom through its synonym "na"."""
    (term,) = text.search_terms("mãng cầu")
    assert not any(f" {one}" in text.search_key("Nấm rơm Việt Nam") for one in term)
    assert any(f" {one}" in text.search_key("Na dai") for one in term)


def test_words_of_two_letters_are_whole_words():
    assert text.search_terms("cá lóc") == [["ca loc", "ca qua ", "ca chuoi "]]
    assert text.search_terms("ổi") == [["oi "]]


def test_longer_words_may_be_unfinished():
    (term,) = text.search_terms("rie")
    assert term == ["rie"]


@pytest.mark.parametrize("query", ["", None, " ", "%%%", "--"])
def test_no_terms(query):
    assert text.search_terms(query) == []


def test_terms_are_bounded():
    assert len(text.search_terms("xoài " * 500)) == text.MAX_TERMS
    assert text.search_terms("a" * 399) == [["a" * text.MAX_TERM_LENGTH]]


def test_alphabetical_order():
    ordered = ["An", "Ăn", "Âm", "Ba", "Da", "Đa", "Em", "Êm", "On", "Ôn", "Ơn", "Un", "Ưn"]
    backwards = ordered[::-1]
    assert sorted(backwards, key=text.vi_sort_key) == ordered


def test_tones_decide_between_equal_letters():
    ordered = ["ma", "mà", "mả", "mã", "má", "mạ", "mac"]
    backwards = ordered[::-1]
    assert sorted(backwards, key=text.vi_sort_key) == ordered


def test_numbers_sort_by_value():
    ordered = ["Phường 2", "Phường 10", "Phường Mỹ Tho"]
    backwards = ordered[::-1]
    assert sorted(backwards, key=text.vi_sort_key) == ordered


@pytest.mark.parametrize("odd", ["²", "½", "🙂", "Żółw", "'", None, "১"])
def test_sort_key_takes_anything(odd):
    assert text.vi_sort_key(odd) != text.vi_sort_key("xoài")
