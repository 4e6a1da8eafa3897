import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shop.core.codes import ALPHABET, memo_new
from shop.payment.vietqr import matching
from shop.payment.vietqr.matching import Expected, Outcome, Search, Share, Verdict, search_for

CODE, OTHER, THIRD = "OCOP7K3M9QZ", "OCOPA4TXHRP", "OCOPWN7CEJ4"
LINE = "MBVCB.3278907687.{}.CT tu 0123499999 NGUYEN VAN A toi 9704050000 HTX NONG NGHIEP MY THO"


def wait(code=CODE, due=195000, state="open", ours=True):
    return Expected(code, due, state, ours)


def match(memo, amount=195000, *expected):
    return matching.match(memo=memo, amount=amount, expected=expected or [wait()])


def exact(code=CODE, amount=195000, how="whole"):
    return Verdict(Outcome.EXACT, (Share(code, amount),), how)


# --- One whole code -------------------------------------------------------------------------------------------------


def test_exact():
    assert match(LINE.format(CODE)) == exact()


def test_underpaid():
    assert match(CODE, 150000) == Verdict(Outcome.SHORT, (Share(CODE, 150000),), "whole", missing=45000)


def test_in_parts():
    """The caller lowers what is missing after each part."""
    due, seen = 195000, []
    for amount in (100000, 45000, 50000):
        verdict = match(CODE, amount, wait(due=due))
        seen.append((verdict.outcome, verdict.shares, verdict.missing))
        due -= sum(share.amount for share in verdict.shares)
    assert seen == [
        (Outcome.SHORT, (Share(CODE, 100000),), 95000),
        (Outcome.SHORT, (Share(CODE, 45000),), 50000),
        (Outcome.EXACT, (Share(CODE, 50000),), 0),
    ]
    assert due == 0
    assert match(CODE, 50000, wait(due=due)) == Verdict(Outcome.DUPLICATE, how="whole")


def test_overpaid():
    assert match(CODE, 200000) == Verdict(Outcome.OVER, (Share(CODE, 200000),), "whole", excess=5000)


@pytest.mark.parametrize("amount", [1000, 195000, 300000])
def test_late_takes_any_amount(amount):
    assert match(CODE, amount, wait(state="expired")) == Verdict(Outcome.LATE, (Share(CODE, amount),), "whole")


def test_ignore_cancelled():
    assert match(CODE, 195000, wait(state="cancelled")) == Verdict(Outcome.CANCELLED, how="whole")


@pytest.mark.parametrize("state", ["paid", "open"])
def test_duplicate(state):
    assert match(CODE, 195000, wait(due=0, state=state)) == Verdict(Outcome.DUPLICATE, how="whole")


@pytest.mark.parametrize("state", ["open", "paid", "expired", "cancelled"])
def test_wrong_cooperative(state):
    assert match(CODE, 195000, wait(state=state, ours=False)) == Verdict(Outcome.WRONG_COOPERATIVE, how="whole")


def test_a_state_nobody_knows_is_for_a_person():
    assert match(CODE, 195000, wait(state="frozen")) == Verdict(Outcome.AMBIGUOUS, how="whole")


@pytest.mark.parametrize(
    "memo",
    [
        "NGUYEN VAN A chuyen tien", "", "195000", "OCOP", "mua hang OCOP 4 sao", "DT7K3M9QZ8", "OCOPA4TXHRP", "\x00",
        "OCOP7K",
    ],
)  # fmt: skip
def test_keep_unmatched(memo):
    """Without a code nothing is guessed from the amount."""
    assert match(memo) == Verdict(Outcome.UNKNOWN)


@pytest.mark.parametrize("amount", [0, -195000])
def test_no_money_no_share(amount):
    assert match(CODE, amount) == Verdict(Outcome.UNKNOWN)


def test_nothing_expected():
    assert matching.match(memo=CODE, amount=195000, expected=iter([])) == Verdict(Outcome.UNKNOWN)


# --- How memos are written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "memo",
    [
        "OCOP 7K3M9QZ", "O C O P 7 K 3 M 9 Q Z", "OCO P7K3M9 QZ", "OCOP7K3M  9QZ thanh toan", "don OCO\nP7K3\r\nM9QZ",
        "OCOP7K3M9\u00a0QZ", "OCOP\u200b7K3M9QZ", "MBVCB.1.OCOP7K3 M9QZ.CT tu 0123", "OCOP7K3M9Q\tZ NGUYEN VAN A",
    ],
)  # fmt: skip
def test_random_spaces(memo):
    assert match(memo) == exact()
    assert match(memo, 1000).outcome == Outcome.SHORT


@pytest.mark.parametrize(
    "memo",
    [
        "ocop7k3m9qz", "Ocop7k3m9qz", "OCOP-7K3M-9QZ", "OCOP.7K3M_9QZ", "OCOP/7K3M\\9QZ", "(OCOP7K3M9QZ)",
        "ＯＣＯＰ７Ｋ３Ｍ９ＱＺ", "OCOP&nbsp;7K3M9QZ", "OCOP&amp;nbsp;7K3M9QZ", "&#79;COP7K3M9QZ", "OCOP&#x2D;7K3M9QZ",
        "OCOP7K3M9QZNGUYENVANA",
        "FT123OCOP7K3M9QZ", "XOCOP7K3M9QZ9", "Cảm ơn chị Ưu, đơn OCOP7K3M9QZ", "mua OCOP OCOP7K3M9QZ",
        "OCOPOCOP7K3M9QZ", "IBFT OCOP7K3M9QZ   Ma giao dich  Trace334971 Trace 334971", "QR - OCOP7K3M9QZ",
    ],
)  # fmt: skip
def test_mangled_but_whole(memo):
    assert match(memo) == exact()


@pytest.mark.parametrize(
    "memo",
    ["0C0P7K3M9QZ", "OC0P7K3M9QZ", "QCQP7K3M9QZ", "OCOP1K3M9OZ", "ocoplk3m90z", "OCOPIK3M9QZ", "0c0p ik3m-9oz"],
)
def test_folded(memo):
    assert match(memo) == exact(how="folded")
    assert match(memo, 1) == Verdict(Outcome.SHORT, (Share(CODE, 1),), "folded", missing=194999)


def test_signs_before_letters_are_no_entities():
    code = "OCOP7GT4AMP"
    assert match("OCOP7&GT4&amp;AMP", 195000, wait(code)) == exact(code)


def test_folds_u_to_v():
    code = "OCOPV4V9QZ3"
    assert match("OCOPU4u9QZ3", 195000, wait(code)) == exact(code, how="folded")


@pytest.mark.parametrize(
    ("memo", "code"),
    [
        ("OCOP8K3M9QZ", "OCOPBK3M9QZ"), ("OCOPSK3M92Z", "OCOP5K3M9ZZ"), ("OCOP6K3M9QZ", "OCOPGK3M9QZ"),  # look-alikes
        ("OCOPOK3M9QZ", "OCOPDK3M9QZ"), ("OCOPUK3M9QZ", "OCOPWK3M9QZ"),
        ("COP7K3M9QZ", CODE), ("XCOP7K3M9QZ", CODE), ("7K3M9QZ", CODE), ("don 7k3m9qz nhe", CODE),  # prefix lost
        ("OCOP7Ư3M9QZ", "OCOP7W3M9QZ"), ("OCOPÁ3M9QZ", "OCOPAS3M9QZ"), ("OCOPẢK3M9Q", "OCOPARK3M9Q"),  # Telex
        ("OCOPK3ĐM9Q", "OCOPK3DDM9Q"),
        ("OCÓP3M9QZ7", "OCOPS3M9QZ7"), ("OCÒPK3M9QZ", "OCOPFK3M9QZ"), ("OCỎPKM9QZ7", "OCOPKMR9QZ7"),
    ],
)  # fmt: skip
def test_loose_readings_need_the_exact_amount(memo, code):
    assert match(memo, 195000, wait(code)) == exact(code, how="folded")
    assert match(memo, 194000, wait(code)) == Verdict(Outcome.AMBIGUOUS, how="folded")
    assert match(memo, 195000, wait(code, 0, "paid")) == Verdict(Outcome.AMBIGUOUS, how="folded")
    assert match(memo, 195000, wait(code, ours=False)) == Verdict(Outcome.AMBIGUOUS, how="folded")


def test_readings_that_fit_two_requests_are_ambiguous():
    verdict = match("OCOPOK3M9QZ", 195000, wait("OCOPQK3M9QZ"), wait("OCOPDK3M9QZ", 95000))
    assert verdict == Verdict(Outcome.AMBIGUOUS, how="folded")


def test_written_code_beats_its_look_alike():
    one, other = "OCOP8K3M9QZ", "OCOPBK3M9QZ"
    for code in (one, other):
        assert match(code, 195000, wait(one), wait(other)) == exact(code)
        assert match(f"Mã {code}", 1000, wait(one), wait(other)).shares == (Share(code, 1000),)


# --- Cut codes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["OCOP7K3M9Q", "OCOP7K3M9", "OCOP7K3M", "ocop 7k-3m", "0C0P1K3M9"])
@pytest.mark.parametrize(
    "line",
    [
        "{}", "thanh toan {}", "{} ", LINE, "{}- Ma GD ACSP/ ot1800", "CT DEN:416713881564 {}; tai Napas",
        "{} GD 640669-1",
        "{}   Ma giao dich  Trace223979", "1-{}-CHUYEN TIEN-OQCH0004-MOMO1MOMO", "{} -CTLNHIDI000014665-1/1-CRE-002",
        "{}-120924-23:21:31 522341", "-/CTR/IBFT {}/MAC/1526BCF94B9A4C13", "{} FT24255276428461", "{}.C T tu 0123",
        "CUSTOMER MBCT {} 7W7R9K7A/103573", "{}; thoi gian GD:12/09/2024", "{} CKN 043147 G29DK69E",
        "{} toi 0853833045", "{} TU: 19035784911011", "{} NG CHUYEN:CTCP", "CT nhanh 247 den: {}. CT nhanh",
    ],
)  # fmt: skip
def test_cut(head, line):
    assert match(line.format(head), 195000, wait(), wait(OTHER)) == exact(how="cut")


@pytest.mark.parametrize("head", ["OCOP7K3", "OCOP7K", "OCOP7", "OCOP"])
@pytest.mark.parametrize("line", ["{}", LINE, "{}.CT tu 0123"])
def test_cut_too_short(head, line):
    assert match(line.format(head)) == Verdict(Outcome.UNKNOWN)
    assert not any(CODE.startswith(head) for head in search_for(line.format(head)).heads)


@pytest.mark.parametrize(
    "expected",
    [
        [wait(due=194000)], [wait(due=0, state="paid")], [wait(state="expired")], [wait(state="cancelled")],
        [wait(ours=False)], [wait(), wait("OCOP7K3MAAA", 95000)], [wait(), wait("OCOP7K3MAAA", 0, "paid")],
    ],
)  # fmt: skip
def test_cut_and_in_doubt(expected):
    assert match("OCOP7K3M", 195000, *expected) == Verdict(Outcome.AMBIGUOUS, how="cut")


def test_a_wrong_end_is_not_a_cut_one():
    for memo in ("OCOP7K3M9QX", "OCOP7K3M9XZ", "OCOP7K3M NGUYEN VAN A", "OCOP7K3M9QNGUYENVANA"):
        assert match(memo) == Verdict(Outcome.UNKNOWN)


def test_bank_words_are_not_part_of_a_code():
    """ "OCOP7K3M9.CT" is either a cut code before "CT tu" or a code that ends in CT."""
    memo, ends_in_ct = "OCOP7K3M9.CT tu 0123", "OCOP7K3M9CT"
    assert match(memo, 195000, wait(), wait(ends_in_ct)).shares == ()
    assert match(memo, 1000, wait(ends_in_ct)).shares == ()
    assert match("OCOP7K3.CT tu 0123", 195000, wait("OCOP7K3CTAA")).shares == ()
    assert match("OCOP7K3M9FT 0901234567") == Verdict(Outcome.UNKNOWN)  # a whole code of somebody else


# --- Several codes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("joint", [" ", "", "+", " va ", "\n", " 0C0P "])
def test_split(joint):
    verdict = match(f"{CODE}{joint}{OTHER}", 290000, wait(), wait(OTHER, 95000))
    assert verdict == Verdict(Outcome.EXACT, (Share(CODE, 195000), Share(OTHER, 95000)), "split")


def test_split_in_three():
    verdict = match(f"{CODE} {OTHER} {THIRD}", 291000, wait(), wait(OTHER, 95000), wait(THIRD, 1000))
    assert [share.amount for share in verdict.shares] == [195000, 95000, 1000]


@pytest.mark.parametrize(
    ("amount", "second"),
    [
        (289999, wait(OTHER, 95000)), (290001, wait(OTHER, 95000)), (195000, wait(OTHER, 95000)),
        (95000, wait(OTHER, 95000)), (290000, wait(OTHER, 95000, ours=False)), (290000, wait(OTHER, 95000, "expired")),
        (290000, wait(OTHER, 95000, "cancelled")), (195000, wait(OTHER, 0, "paid")), (195000, wait(OTHER, 0)),
    ],
)  # fmt: skip
def test_split_in_doubt(amount, second):
    assert match(f"{CODE} {OTHER}", amount, wait(), second) == Verdict(Outcome.AMBIGUOUS, how="split")


@pytest.mark.parametrize("again", [CODE, "ocop 7k3m 9qz", "0C0P7K3M9OZ", "OCOP7K3M9", "7K3M9QZ"])
def test_the_same_code_twice_is_one(again):
    for memo in (f"{CODE} {again}", f"{again} {CODE}"):
        assert match(memo, 200000) == Verdict(Outcome.OVER, (Share(CODE, 200000),), "whole", excess=5000)


def test_whole_code_beside_a_cut_one():
    """Exactly what the whole one lacks is for the whole one; any other amount may be for both."""
    memo, both = f"{CODE} OCOPA4TX", (wait(), wait(OTHER))
    assert match(memo, 195000, *both) == exact()
    assert match(memo, 390000, *both) == Verdict(Outcome.AMBIGUOUS, how="whole")
    assert match(memo, 100000, *both) == Verdict(Outcome.AMBIGUOUS, how="whole")


def test_whole_code_beside_a_broken_one():
    memo, both = f"{CODE} OCOPA4TXHX9 cam on", (wait(), wait(OTHER))
    assert match(memo, 195000, *both) == exact()
    assert match(memo, 390000, *both) == Verdict(Outcome.AMBIGUOUS, how="whole")
    assert any(OTHER.startswith(head) for head in search_for(memo).heads)


def test_whole_code_beside_a_stranger():
    assert match(f"{CODE} OCOPA4TXHRP", 195000) == exact()
    assert match(f"{CODE} OCOPA4TXHRP", 200000).outcome == Outcome.OVER


# --- What to look up ------------------------------------------------------------------------------------------------


def test_search_for_whole():
    search = search_for(LINE.format("OCOP7K3M9QC"))
    assert search == Search(frozenset({"OCOP7K3M9QC"}), frozenset())


def test_search_for_folded():
    assert search_for("0C0P1K3M9OC") == Search(frozenset({"OCOP7K3M9QC", "OCOP7K3M9DC"}), frozenset())


def test_search_for_cut():
    assert search_for("thanh toan OCOP7K3M") == Search(frozenset(), frozenset({"OCOP7K3M"}))


@pytest.mark.parametrize("memo", ["", "NGUYEN VAN A chuyen tien", "OCOP", "\x00\ud800", None])
def test_search_for_nothing(memo):
    assert search_for(memo) == Search()


HOSTILE = {
    "prefixes": "OCOP" * 250_000,
    "doubtful": "OCOP8B5S2Z6 OCOPOOOOOOO " * 50_000,
    "different": "".join(f"OCOP{number:07d} " for number in range(80_000)),
    "lost prefixes": "COP0O0O0O0" * 100_000,
    "words": "".join(f" {number:07d}" for number in range(2_222_222, 2_340_000)),
    "signs": "O" + "." * 1_000_000 + "COP7K3M9QZ",
    "marks": "A" + "\u0301" * 1_000_000,
    "accented": "OCÓPÁÁÁÁ" * 100_000,
    "ligatures": "\ufdfa" * 300_000,
    "entities": "&amp;" * 200_000,
    "deep entities": "&" + "amp;" * 250_000 + "nbsp;",
    "big entity": "&#" + "9" * 1_000_000 + ";",
    "surrogates": "\ud800OCOP" * 200_000,
    "upper grows": "ŉßﬃ" * 300_000,
    "spaces": " " * 1_000_000,
    "tails": "OCOP7K3M.CT tu FT24255276" * 40_000,
}


@pytest.mark.parametrize("memo", HOSTILE.values(), ids=HOSTILE)
def test_hostile_memos_cost_little(memo):
    begun = time.perf_counter()
    search, verdict = search_for(memo), match(memo, 195000, wait(), wait(OTHER))
    assert time.perf_counter() - begun < 0.5
    assert len(search.whole) <= 400
    assert len(search.heads) <= 16
    assert all(len(code) == len(CODE) for code in search.whole)
    assert verdict.shares in ((), (Share(CODE, 195000),))


def test_a_code_in_a_very_long_memo():
    assert match(CODE + " x" * 500_000) == exact()
    assert match(f"{CODE} " * 80_000) == exact()


# --- Always ---------------------------------------------------------------------------------------------------------

codes = st.text(ALPHABET, min_size=7, max_size=7).map("OCOP".__add__)
known = st.sampled_from([CODE, OTHER, CODE[:9], CODE[4:], "OCOP", "0C0P", " ", "&nbsp;", ".CT tu 0", "Ó"])
pieces = st.one_of(st.text(max_size=12), known, codes)
raw = st.binary().map(lambda raw: raw.decode("latin-1"))
memos = st.one_of(st.text(), st.lists(pieces, max_size=8).map("".join), raw)
requests = st.builds(
    Expected,
    code=st.one_of(st.sampled_from([CODE, OTHER, THIRD, "OCOP7K3MAAA", ""]), codes, st.text(max_size=12)),
    due=st.integers(-5, 300_000),
    state=st.sampled_from(["open", "paid", "expired", "cancelled", "?"]),
    ours=st.booleans(),
)


@given(memos, st.integers(-5, 600_000), st.lists(requests, max_size=6, unique_by=lambda request: request.code))
@example(memo=CODE, amount=1, expected=[wait()])
@example(memo=f"{CODE}{OTHER}", amount=290_000, expected=[wait(), wait(OTHER, 95_000)])
def test_shares_are_within_the_amount_and_ours(memo, amount, expected):
    verdict = matching.match(memo=memo, amount=amount, expected=expected)
    table = {request.code: request for request in expected}
    assert sum(share.amount for share in verdict.shares) <= max(amount, 0)
    assert all(share.amount > 0 and table[share.code].ours for share in verdict.shares)
    assert all(table[share.code].state in ("open", "expired") for share in verdict.shares)
    credits = {Outcome.EXACT, Outcome.SHORT, Outcome.OVER, Outcome.LATE}
    assert bool(verdict.shares) == (verdict.outcome in credits)
    paid = sum(share.amount for share in verdict.shares)
    if verdict.outcome in (Outcome.EXACT, Outcome.SHORT, Outcome.OVER):
        assert sum(table[share.code].due for share in verdict.shares) == paid + verdict.missing - verdict.excess


@given(memos, st.integers(1, 600_000), st.lists(requests, max_size=6, unique_by=lambda request: request.code))
def test_only_what_was_asked_for_is_credited(memo, amount, expected):
    search = search_for(memo)
    verdict = matching.match(memo=memo, amount=amount, expected=expected)
    for share in verdict.shares:
        assert share.code in search.whole or share.code.startswith(tuple(search.heads))


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_code_among_other_words_is_asked_for(before, after):
    assert CODE in search_for(f"{before} {CODE} {after}").whole


@given(st.data())
def test_signs_anywhere_change_nothing(data):
    code = memo_new()
    signs = st.text(" .-_/\n\t,:;", max_size=3)
    memo = "".join(letter + data.draw(signs) for letter in code[:-1]) + code[-1]
    assert match(data.draw(st.sampled_from([memo, memo.lower()])), 195000, wait(code)) == exact(code)
