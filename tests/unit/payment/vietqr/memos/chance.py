"""Choices that come out the same on every machine and Python: all from ``random()``, whose sequence is guaranteed."""

import random


class Chance:
    def __init__(self, seed: int):
        self._random = random.Random(seed).random

    def below(self, number: int) -> int:
        return int(self._random() * number)

    def pick(self, things):
        return things[self.below(len(things))]

    def text(self, length: int, letters: str) -> str:
        return "".join(self.pick(letters) for _ in range(length))

    def some(self, things, number: int) -> list:
        """So many different ones of these, in random order."""
        left = list(things)
        return [left.pop(self.below(len(left))) for _ in range(number)]
