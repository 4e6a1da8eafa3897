"""The transfer requests that the corpus speaks about: those that are paid, and decoys around them."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKE_PAIRS = ("8B", "5S", "2Z", "6G")

# Dong; several requests share each sum.
SUMS = (45000, 95000, 120000, 195000, 250000, 345000, 480000, 1250000, 2277000)


class Table:
    """Rows ``{group, code, due, state, ours}``.

    Codes of different families differ in their first three random characters, so that nothing is alike by accident;
    given beginnings come first, while they are free.
    """

    def __init__(self, chance):
        self.chance = chance
        self.rows: list[dict] = []
        self._heads: set[str] = set()
        self._plain()
        self._closed()
        self._families()

    def of(self, group: str) -> list[dict]:
        return [row for row in self.rows if row["group"] == group]

    def fresh(self, start: str = "", *, without: str = "") -> str:
        """Seven random characters of a new family. Unlike other codes also after confusing look-alikes.

        After the given start none of the characters ``without``.
        """
        letters = "".join(c for c in ALPHABET if c not in without)
        while True:
            random = start + self.chance.text(7 - len(start), letters)
            if self._head(random) not in self._heads:
                self._heads.add(self._head(random))
                return random

    @staticmethod
    def _head(random: str) -> str:
        return random[:3].translate(str.maketrans("8562", "BSGZ"))

    def add(self, group: str, random: str, due: int | None = None, state: str = "open", ours: bool = True) -> None:
        self._heads.add(self._head(random))
        due = self.chance.pick(SUMS) if due is None else due
        self.rows.append({"group": group, "code": "OCOP" + random, "due": due, "state": state, "ours": ours})

    def _plain(self):
        for start in ("7QV", "V7A", "Q79", "9VQ", "77K", "QQ3", "AV7", "C7Q"):  # nothing but look-alikes
            self.add("folding", self.fresh(start))
        for pair in LOOK_ALIKE_PAIRS:
            for character in pair:
                self.add("look_alike", self.fresh("K" + character))
        # Keys that the Telex method takes for marks: AS becomes Á, W becomes Ư, DD becomes Đ, ...
        for keys in ("AS", "AF", "ER", "YX", "AJ", "AW", "EE", "DD", "AA", "W3", "W9", "WK"):
            self.add("telex", self.fresh("T" + keys, without="AEYDWSFRXJ"))
        for key in "SFRXJ":
            self.add("telex_prefix", self.fresh(key + "3", without="AEYDWSFRXJ"))
        for _ in range(60):
            self.add("open", self.fresh())
        for due in (50001, 77000, 99999, 101000, 1, 13_999_999):
            self.add("odd_sum", self.fresh(), due)

    def _closed(self):
        for _ in range(12):
            self.add("paid", self.fresh(), 0, "paid")
            self.add("expired", self.fresh(), None, "expired")
            self.add("cancelled", self.fresh(), None, "cancelled")
        for state, number in (("open", 10), ("paid", 3), ("expired", 3), ("cancelled", 3)):
            for _ in range(number):
                self.add("others", self.fresh(), 0 if state == "paid" else None, state, ours=False)

    def _families(self):
        """Requests that are nearly the same."""
        for number in range(12):  # one character apart, every second pair with the same sum
            first = self.fresh()
            place = self.chance.below(7)
            wrong = self.chance.pick([c for c in "3479ACEFHJKMNPRTXY" if c != first[place]])
            self._pair("twin", first, first[:place] + wrong + first[place + 1 :], same=number % 2 == 0)
        for number, (one, other) in enumerate(LOOK_ALIKE_PAIRS * 2):
            first = self.fresh("H")
            place = 2 + self.chance.below(5)
            codes = [first[:place] + character + first[place + 1 :] for character in (one, other)]
            self._pair("look_twin", *codes, same=number % 2 == 0)
        for number in range(4):  # read O and 0 as which?
            first = self.fresh("E", without="QDVW7")
            self._pair("round_twin", first[:4] + "Q" + first[5:], first[:4] + "D" + first[5:], same=number % 2 == 0)
        for number, size in enumerate((4, 5, 6) * 4):
            first = self.fresh()
            self._pair("head_twin", first, self.continued(first, size), same=number % 2 == 0)
        for size in (4, 5, 6, 4, 5, 6):
            first = self.fresh()
            self.add("head_of_paid", first, 0, "paid")
            self.add("head_of_paid", self.continued(first, size), 195000)

    def continued(self, random: str, size: int) -> str:
        """Another code that begins with so many of the same characters."""
        rest = [self.chance.pick([c for c in "3479ACEFHJKMNPRTXY" if c != old]) for old in random[size:]]
        return random[:size] + "".join(rest)

    def _pair(self, group: str, first: str, second: str, same: bool):
        due = self.chance.pick(SUMS)
        self.add(group, first, due)
        self.add(group, second, due if same else due + 15000)
