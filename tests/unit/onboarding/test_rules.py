"""What the law asks, by day and by when somebody came."""

from datetime import date

import pytest

from shop.core.plain import line_plain, text_plain
from shop.onboarding.rules import existing_due, is_new_seller, link_needed, rules_for


@pytest.mark.parametrize(
    ("is_new", "day", "needed"),
    [
        (True, date(2026, 9, 27), False),
        (True, date(2026, 9, 28), True),
        (False, date(2026, 12, 31), False),
        (False, date(2027, 1, 1), True),
    ],
)
def test_the_link_with_vneid(is_new, day, needed):
    assert link_needed(is_new=is_new, on=day) is needed


def test_who_is_new():
    assert [is_new_seller(date(2026, 9, day)) for day in (27, 28)] == [False, True]
    assert existing_due() == date(2026, 12, 31)


def test_what_is_told():
    assert [rule.sellers for rule in rules_for(is_new=True, on=date(2026, 11, 24))] == ["new", "all"]
    assert [rule.sellers for rule in rules_for(is_new=False, on=date(2026, 11, 24))] == ["existing", "all"]
    assert [rule.sellers for rule in rules_for(is_new=False, on=date(2027, 2, 1))] == ["all"]


def test_plain_text():
    assert line_plain("  Vú\u202e sữa\x00\n Lò  Rèn\u200b ") == "Vú sữa Lò Rèn"
    assert line_plain("Vu\u0301") == "Vú"
    assert text_plain("a\r\n\n\n\n b\u2066 \n") == "a\n\nb"
