"""How many of the memos that banks and buyers write are understood, and that none is misunderstood."""

import json
from collections import Counter

import pytest

from shop.payment.vietqr.matching import Expected, Outcome, Verdict, match, search_for

from .memos import make
from .memos.banks import TEMPLATES

TABLE = [json.loads(line) for line in (make.HERE / "table.jsonl").read_text(encoding="utf-8").splitlines()]
LINES = [json.loads(line) for line in (make.HERE / "memos.jsonl").read_text(encoding="utf-8").splitlines()]
SEEDS = range(1, 6)  # other codes, words and amounts by the same rules


def look_up(table: list[dict], memo: str, states=("open", "paid", "expired", "cancelled")) -> list[Expected]:
    """As the caller does it: whole codes among everybody's requests, beginnings among the cooperative's own."""
    search = search_for(memo)
    heads = tuple(search.heads)
    return [
        Expected(row["code"], row["due"], row["state"], row["ours"])
        for row in table
        if row["code"] in search.whole or (row["ours"] and row["state"] in states and row["code"].startswith(heads))
    ]


def understood(table: list[dict], line: dict, **options) -> Verdict:
    return match(memo=line["memo"], amount=line["amount"], expected=look_up(table, line["memo"], **options))


def shares(verdict: Verdict) -> list[list]:
    return [[share.code, share.amount] for share in verdict.shares]


def misplaced(line: dict, verdict: Verdict) -> list:
    """Shares that the line does not mean."""
    return [share for share in shares(verdict) if share not in line["expected"]]


@pytest.fixture(scope="module")
def verdicts() -> list[tuple[dict, Verdict]]:
    return [(line, understood(TABLE, line)) for line in LINES]


def test_files_are_what_the_script_makes():
    for name, text in make.texts().items():
        assert (make.HERE / name).read_text(encoding="utf-8") == text


def test_corpus_is_large_and_holds_every_kind():
    assert len(LINES) >= 900
    rules = {line["rule"] for line in LINES}
    assert {f"bank_{name}" for name, _ in TEMPLATES} <= rules
    assert {line["outcome"] for line in LINES} == set(Outcome)
    states = {(row["state"], row["ours"]) for row in TABLE}
    assert states == {(state, ours) for state in ("open", "paid", "expired", "cancelled") for ours in (True, False)}
    assert len({row["code"] for row in TABLE}) == len(TABLE)


def test_precision(verdicts):
    """No dong goes to an order that the memo does not mean, nor anywhere from a memo that nobody could read."""
    wrong = [(line, verdict) for line, verdict in verdicts if misplaced(line, verdict)]
    given = sum(len(verdict.shares) for _, verdict in verdicts)
    print(f"precision: {given} shares, {len(wrong)} wrong")
    assert wrong == []
    assert given > 900


def test_recall(verdicts):
    meant = [(line, shares(verdict) == line["expected"]) for line, verdict in verdicts if line["expected"]]
    total, found = Counter(line["rule"] for line, _ in meant), Counter(line["rule"] for line, right in meant if right)
    for rule in sorted(total, key=lambda rule: found[rule] / total[rule]):
        print(f"{found[rule]:4} of {total[rule]:4}  {rule}")
    for line, right in meant:
        if not right:
            print("missed:", line["rule"], repr(line["memo"]), line["amount"], line["expected"])
    recall = sum(found.values()) / sum(total.values())
    print(f"recall: {sum(found.values())} of {sum(total.values())} = {recall:.2%}")
    assert recall >= 0.98


def test_what_nobody_could_decide_is_left_to_a_person(verdicts):
    unreadable = [(line, verdict) for line, verdict in verdicts if not line["expected"]]
    assert len(unreadable) > 300
    assert [line for line, verdict in unreadable if verdict.shares] == []


def test_outcomes(verdicts):
    """The word for the person is right as well, where one is needed."""
    wrong = [(line["rule"], verdict.outcome) for line, verdict in verdicts if verdict.outcome != line["outcome"]]
    print(Counter(wrong))
    assert len(wrong) <= 0.02 * len(verdicts)


def test_more_expected_than_asked_for_does_no_harm():
    everything = [Expected(row["code"], row["due"], row["state"], row["ours"]) for row in TABLE]
    for line in LINES:
        verdict = match(memo=line["memo"], amount=line["amount"], expected=everything)
        assert misplaced(line, verdict) == []
        assert shares(verdict) in ([], shares(understood(TABLE, line)))


def test_beginnings_must_be_looked_up_among_closed_requests_too():
    """With open requests alone, the cut code of a paid order is taken for an open one that begins alike."""
    lines = [line for line in LINES if line["rule"] == "cut_head_of_paid"]
    assert [line for line in lines if misplaced(line, understood(TABLE, line))] == []
    assert [line for line in lines if misplaced(line, understood(TABLE, line, states=("open",)))] != []


@pytest.mark.parametrize("seed", SEEDS)
def test_other_corpora_by_the_same_rules(seed):
    corpus = make.Corpus(seed)
    corpus.make()
    verdicts = [(line, understood(corpus.table.rows, line)) for line in corpus.lines]
    meant = [(line, verdict) for line, verdict in verdicts if line["expected"]]
    assert [(line, verdict) for line, verdict in verdicts if misplaced(line, verdict)] == []
    assert sum(shares(verdict) == line["expected"] for line, verdict in meant) >= 0.98 * len(meant)
