"""Compile locale/*/LC_MESSAGES/*.po where the .mo is missing or older. Needs polib, not GNU gettext."""

import os
from pathlib import Path

import polib

from tools.common import ROOT


def outdated() -> list[Path]:
    """Catalogues whose compiled form is not up to date."""
    found = []
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            found.append(source)
    return found


def compile_all() -> int:
    """Compile what is out of date and return how many files that were; whole files appear at once."""
    todo = outdated()
    for source in todo:
        partial = source.with_suffix(f".{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(partial))
        partial.replace(source.with_suffix(".mo"))
    return len(todo)


if __name__ == "__main__":
    print(f"{compile_all()} catalogues compiled")
