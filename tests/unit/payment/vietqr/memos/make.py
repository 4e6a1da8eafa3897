"""Writes ``table.jsonl`` (transfer requests) and ``memos.jsonl`` (lines of statements and what each of them means).

Run from the root of the project: ``python -m tests.unit.payment.vietqr.memos.make``. The meaning is known because each
memo is made from it; nothing here reads memos. A line has

* ``rule``: how it was made; ``memo``; ``amount`` in dong;
* ``expected``: what goes to which order, ``[[code, dong], ...]``; empty where nothing may be credited without a person;
* ``outcome``: the word for the person who looks at it.

What counts as meaning a code is strict on purpose: a wrong, missing or doubled character that is no known look-alike
leaves the line to a person, even where the amount would make a good guess.
"""

import json
from pathlib import Path

from . import manglings as m
from . import words
from .banks import TEMPLATES, wrap
from .chance import Chance
from .table import Table

HERE = Path(__file__).parent
SEED = 20261124

CHARACTERS = (m.lower, m.mixed_case, m.prefix_look_alikes, m.look_alikes, m.full_width, m.part_full_width)
SIGNS = (
    m.space_after_prefix, m.groups, m.random_spaces, m.spaced_out, m.dashes, m.dots, m.slashes, m.line_breaks,
    m.odd_blanks, m.quotes,
)  # fmt: skip
NEIGHBOURS = (m.glued_before, m.glued_after, m.glued_both)
LINES = {
    "column_space": m.column(" "), "column_break": m.column("\n"), "no_spaces": m.no_spaces, "no_signs": m.no_signs,
    "upper_line": m.upper_line, "lower_line": m.lower_line,
}  # fmt: skip


class Corpus:
    def __init__(self, seed: int = SEED):
        self.chance = Chance(seed)
        self.table = Table(self.chance)
        self.lines: list[dict] = []
        self._turn = 0

    def target(self, needs: str = "") -> dict:
        """The next open request, with one of these characters among its random ones."""
        rows = [row for row in self.table.of("open") if not needs or set(row["code"][4:]) & set(needs)]
        self._turn += 1
        return rows[self._turn % len(rows)]

    def put(self, rule: str, memo: str, amount: int, outcome: str, *expected: tuple[str, int]) -> None:
        self.lines.append(
            {"rule": rule, "memo": memo, "amount": amount, "expected": [list(e) for e in expected], "outcome": outcome}
        )

    def exact(self, rule: str, row: dict, memo: str) -> None:
        self.put(rule, memo, row["due"], "exact", (row["code"], row["due"]))

    def said(self, code: str, phrases=words.AROUND, templates=TEMPLATES) -> str:
        """The code with words of the buyer and of some bank around it."""
        return wrap(self.chance, self.chance.pick(phrases).replace("<m>", code), self.chance.pick(templates)[1])

    def make(self) -> None:
        for part in (
            self.clean, self.one_rule, self.buyers_words, self.two_rules, self.amounts, self.closed,
            self.cut, self.lost, self.several, self.decoys, self.wrong, self.nothing,
        ):  # fmt: skip
            part()

    # --- One code ----------------------------------------------------------------------------------------------------

    def clean(self) -> None:
        for name, template in TEMPLATES:
            for phrase in ("<m>", self.chance.pick(words.AROUND)):
                row = self.target()
                self.exact(f"bank_{name}", row, wrap(self.chance, phrase.replace("<m>", row["code"]), template))

    def one_rule(self) -> None:
        for rule in (*CHARACTERS, *SIGNS, *NEIGHBOURS, m.entities, m.letters_as_entities):
            for _ in range(9):
                row = self.target("QV7" if rule is m.look_alikes else "")
                self.exact(rule.__name__, row, self.said(rule(self.chance, row["code"])))
        for name, rule in {**LINES, "escaped_line": m.escaped_line}.items():
            for _ in range(9):
                row = self.target()
                self.exact(name, row, rule(self.chance, self.said(row["code"])))
        for row in self.table.of("folding"):
            self.exact("look_alikes_only", row, self.said(m.look_alikes(self.chance, row["code"])))
        for row in [*self.table.of("look_alike"), *self.table.of("look_alike")[:4]]:
            self.exact("swap_in_alphabet", row, self.said(m.swap_in_alphabet(self.chance, row["code"])))
        for _ in range(8):
            row = self.target("D")
            self.exact("round_letter", row, self.said(m.round_letter(self.chance, row["code"])))

    def buyers_words(self) -> None:
        for rule, phrases in (("marked_words", words.MARKED), ("telex_slips_in_words", words.SLIPS)):
            for phrase in phrases * 2:
                row = self.target()
                self.exact(rule, row, self.said(row["code"], (phrase,)))
        for row in self.table.of("telex"):
            self.exact("telex_in_code", row, self.said(m.telex(self.chance, row["code"]), words.MARKED))
        for row in self.table.of("telex")[-3:] * 2:
            self.exact("telex_w_stripped", row, self.said(m.telex_stripped_w(self.chance, row["code"])))
        for row in self.table.of("telex_prefix"):
            self.exact("telex_over_prefix", row, self.said(m.telex_prefix(self.chance, row["code"])))

    def two_rules(self) -> None:
        """Manglings at once: of characters, then signs, then neighbours, then the line."""
        for stages in ("cs", "cn", "cl", "sn", "sl", "nl"):
            for _ in range(26):
                self._mangled("two_" + stages, stages)
        for stages in ("csn", "csl", "cnl", "snl", "ccs", "css"):
            for _ in range(7):
                self._mangled("three_" + stages, stages)
        for _ in range(20):
            self._mangled("four_csnl", "csnl")

    def _mangled(self, rule: str, stages: str) -> None:
        row = self.target()
        code, lines = row["code"], []
        for stage in stages:
            if stage == "l":
                lines.append(self.chance.pick(list(LINES.values())))
            else:
                code = self.chance.pick({"c": CHARACTERS, "s": SIGNS, "n": NEIGHBOURS}[stage])(self.chance, code)
        memo = self.said(code)
        for line in lines:
            memo = line(self.chance, memo)
        self.exact(rule, row, memo)

    def amounts(self) -> None:
        rules = (*[lambda chance, code: code] * 4, *CHARACTERS, *SIGNS, *NEIGHBOURS)
        for rule in rules:
            row = self.target()
            amount = 1 + self.chance.below(row["due"] - 1)
            self.put("short", self.said(rule(self.chance, row["code"])), amount, "short", (row["code"], amount))
            row = self.target()
            amount = row["due"] + self.chance.pick((1, 1000, 5000, row["due"]))
            self.put("over", self.said(rule(self.chance, row["code"])), amount, "over", (row["code"], amount))
        for row in self.table.of("odd_sum"):
            self.exact("odd_sum", row, self.said(row["code"]))
        for row in self.table.of("look_alike")[:5]:
            self.put(
                "swap_in_alphabet_short",
                self.said(m.swap_in_alphabet(self.chance, row["code"])),
                row["due"] - 1000,
                "short",
                (row["code"], row["due"] - 1000),
            )

    def closed(self) -> None:
        """Requests that wait no more, and those of other cooperatives: as written, and mangled."""
        for rule in (lambda chance, code: code, m.random_spaces, m.prefix_look_alikes):
            for row in self.table.of("paid"):
                self.put("paid", self.said(rule(self.chance, row["code"])), self.target()["due"], "duplicate")
            for row in self.table.of("cancelled"):
                self.put("cancelled", self.said(rule(self.chance, row["code"])), row["due"], "cancelled")
            for row in self.table.of("others"):
                amount = row["due"] or 95000
                self.put("others", self.said(rule(self.chance, row["code"])), amount, "wrong_cooperative")
            for row in self.table.of("expired"):
                amount = row["due"] - self.chance.pick((0, 0, 5000))
                self.put("late", self.said(rule(self.chance, row["code"])), amount, "late", (row["code"], amount))

    # --- Something is missing ----------------------------------------------------------------------------------------

    def cut(self) -> None:
        for number in (1, 2, 3):
            for _ in range(14):
                row = self.target()
                self.exact(f"cut_{number}", row, self._cut(row["code"], number))
            for rule in (*CHARACTERS, *SIGNS[:-1]):
                row = self.target("QV7" if rule is m.look_alikes else "")
                self.exact(f"cut_{number}_and_more", row, self._cut(row["code"], number, rule))
            for name in ("column_space", "no_spaces"):
                row = self.target()
                memo = LINES[name](self.chance, self._cut(row["code"], number, templates=(("vcb", TEMPLATES[0][1]),)))
                self.exact(f"cut_{number}_and_line", row, memo)
            for glue in ("CT tu 0123", " NGUYEN VAN A"):  # nothing shows where the code ends
                row = self.target()
                self.exact("cut_then_words", row, m.cut(number)(self.chance, row["code"]) + glue)
        for number in (4, 5, 6):
            for _ in range(5):
                row = self.target()
                self.put(f"cut_{number}_too_short", self._cut(row["code"], number), row["due"], "unknown")
        self._cut_and_doubtful()

    def _cut(self, code: str, number: int, rule=None, templates=TEMPLATES) -> str:
        code = m.cut(number)(self.chance, code)
        return self.said(rule(self.chance, code) if rule else code, words.BEFORE, templates)

    def _cut_and_doubtful(self) -> None:
        for number in (1, 2, 3) * 3:
            row = self.target()
            amount = row["due"] + self.chance.pick((-1000, 1000))
            self.put("cut_other_amount", self._cut(row["code"], number), amount, "ambiguous")
        for number, row in enumerate(self.table.of("head_twin")):
            size = (4, 5, 6)[number // 2 % 3]
            self.put("cut_before_they_differ", self._cut(row["code"], 7 - size), row["due"], "ambiguous")
        paid = self.table.of("head_of_paid")
        for number, row in enumerate(paid[::2]):
            memo = self._cut(row["code"], 7 - (4, 5, 6)[number % 3])
            self.put("cut_head_of_paid", memo, paid[2 * number + 1]["due"], "ambiguous")
        for row in [*self.table.of("expired")[:6], *self.table.of("cancelled")[:6]]:
            self.put("cut_and_closed", self._cut(row["code"], 2), row["due"], "ambiguous")

    def lost(self) -> None:
        for name, number, count in (("lost_o", 1, 8), ("lost_oc", 2, 3), ("lost_prefix", 4, 8)):
            for _ in range(count):
                row = self.target()
                self.exact(name, row, self.said(m.lost_first(number)(self.chance, row["code"]), words.WITHOUT_OCOP))
        for _ in range(6):
            row = self.target()
            amount = row["due"] + self.chance.pick((-1000, 1000))
            self.put("lost_prefix_other_amount", self.said(row["code"][4:], words.WITHOUT_OCOP), amount, "ambiguous")

    # --- Several codes -----------------------------------------------------------------------------------------------

    def several(self) -> None:
        joints = (" ", " va ", ", ", "+", "", "\n", " - ", "&amp;", ";")
        for number in range(27):
            rows = [self.target() for _ in range(3 if number % 9 == 8 else 2)]
            memo = self.said(joints[number % 9].join(row["code"] for row in rows))
            total = sum(row["due"] for row in rows)
            self.put("split", memo, total, "exact", *[(row["code"], row["due"]) for row in rows])
            wrong = self.chance.pick((total - 1000, total + 1000, rows[0]["due"], rows[-1]["due"]))
            if number % 2 and wrong != total:
                self.put("split_other_amount", memo, wrong, "ambiguous")
        for group in ("paid", "expired", "cancelled", "others"):
            for row in self.table.of(group)[:4]:
                first = self.target()
                memo = self.said(f"{first['code']} {row['code']}")
                self.put(f"split_with_{group}", memo, first["due"] + row["due"], "ambiguous")
        for rule in (*CHARACTERS, *SIGNS):
            row = self.target()
            again = rule(self.chance, row["code"])
            self.exact("same_twice", row, self.said(f"{row['code']} {again}"))
        for number in (1, 2, 3, 1):
            row = self.target()
            self.exact("same_again_cut", row, self.said(f"{row['code']} {row['code'][:-number]}", ("<m>",)))
        self._several_doubtful()

    def _several_doubtful(self) -> None:
        for number in (1, 2, 3) * 3:
            row, other = self.target(), self.target()
            memo = self.said(f"{row['code']} {other['code'][:-number]}", ("<m>",))
            self.exact("whole_and_a_head", row, memo)
            self.put("whole_and_a_head_sum", memo, row["due"] + other["due"], "ambiguous")
        for _ in range(6):
            row = self.target()
            self.exact("whole_and_a_stranger", row, self.said(f"{row['code']} OCOP{self.table.fresh()}"))

    # --- Decoys ------------------------------------------------------------------------------------------------------

    def decoys(self) -> None:
        for row in [*self.table.of("twin"), *self.table.of("look_twin"), *self.table.of("head_twin")]:
            self.exact(row["group"], row, self.said(self.chance.pick((m.lower, m.groups))(self.chance, row["code"])))
        for row in self.table.of("look_twin")[::3]:
            self.put(
                "look_twin_short", self.said(row["code"]), row["due"] - 1000, "short", (row["code"], row["due"] - 1000)
            )
        for row in self.table.of("round_twin"):
            code = row["code"][:8] + self.chance.pick("O0") + row["code"][9:]
            self.put("round_twin", self.said(code), row["due"], "ambiguous")
        for number, row in enumerate(self.table.of("head_of_paid")):
            if number % 2:
                self.exact("open_beside_paid", row, self.said(row["code"]))
            else:
                self.put("paid_beside_open", self.said(row["code"]), 195000, "duplicate")

    def wrong(self) -> None:
        for rule in (m.wrong_letter, m.transposed, m.missing_letter, m.doubled_letter):
            for _ in range(10):
                row = self.target()
                memo = self.said(rule(self.chance, row["code"]), ("<m>", "<m> NGUYEN VAN A"))
                self.put(rule.__name__, memo, row["due"], "unknown")
        for _ in range(14):
            memo = self.said("OCOP" + self.table.fresh())
            self.put("stranger_ocop", memo, self.target()["due"], "unknown")
        for size in (4, 5, 6) * 5:
            row = self.target()
            code = "OCOP" + self.table.continued(row["code"][4:], size)
            self.put("stranger_begins_alike", self.said(code), row["due"], "unknown")

    def nothing(self) -> None:
        for rule, texts, bank in (
            ("no_code", words.NO_CODE * 2, True),
            ("like_a_code", words.LIKE_CODES + words.LIKE_CODES, True),
            ("numbers", words.NUMBERS, True),
            ("other_shops", words.STRANGERS, True),
            ("odd", words.ODD, False),
        ):
            for text in texts:
                memo = wrap(self.chance, text, self.chance.pick(TEMPLATES)[1]) if bank else text
                self.put(rule, memo, self.target()["due"], "unknown")


def texts() -> dict[str, str]:
    """The content of both files."""
    corpus = Corpus()
    corpus.make()
    return {name: _lines(rows) for name, rows in (("table.jsonl", corpus.table.rows), ("memos.jsonl", corpus.lines))}


def _lines(rows: list[dict]) -> str:
    return "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in rows)


if __name__ == "__main__":
    for name, text in texts().items():
        (HERE / name).write_text(text, encoding="utf-8")
