"""Find the strings that people read in our code and templates. Needs Babel, not GNU gettext."""

import io
import os
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.extract import extract_python
from django.utils.translation import template

from tools.common import ROOT

FOLDERS = ("shop", "cms")
TEMPLATES = {".html", ".txt"}
# Function -> positions of msgid, plural and context ("c"), as Babel writes them.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass
class Message:
    """One string: where it stands and its plural, if it has one."""

    msgid: str
    plural: str = ""
    context: str = ""
    places: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """Context and msgid: what makes two strings the same."""
        return self.context, self.msgid


def files() -> list[Path]:
    """Our Python files and templates, without migrations and bundled data."""
    found = []
    for folder in FOLDERS:
        for place, folders, names in os.walk(ROOT / folder):
            folders[:] = sorted(name for name in folders if name not in {"migrations", "static", "data", "__pycache__"})
            found += [Path(place) / name for name in sorted(names) if name.endswith((".py", *TEMPLATES))]
    return found


def as_python(path: Path) -> str:
    """The file as Python that Babel can read; Django turns templates into calls of gettext for us."""
    text = path.read_text(encoding="utf-8")
    if path.suffix not in TEMPLATES:
        return text
    # Django keeps the lines in place; their indentation means nothing and would upset Python's reader.
    return "\n".join(line.lstrip() for line in template.templatize(text, origin=str(path)).splitlines())


def message(function: str, arguments, place: str) -> Message | None:
    """The message of one call; None when the string is put together at run time."""
    values = list(arguments) if isinstance(arguments, (list, tuple)) else [arguments]
    context = values.pop(0) if "pgettext" in function and values else ""
    if not values or not isinstance(values[0], str) or not values[0]:
        return None
    plural = values[1] if function.lstrip("_").startswith("n") and len(values) > 1 else ""
    return Message(values[0], plural or "", context or "", [place])


def extract() -> dict[tuple[str, str], Message]:
    """All messages of the shop and the pages, by context and msgid."""
    found: dict[tuple[str, str], Message] = {}
    for path in files():
        place = str(path.relative_to(ROOT))
        source = io.BytesIO(as_python(path).encode())
        for _line, function, arguments, _comments in extract_python(source, list(KEYWORDS), [], {"encoding": "utf-8"}):
            new = message(function, arguments, place)
            if new is None:
                continue
            known = found.setdefault(new.key, new)
            known.plural = known.plural or new.plural
            if place not in known.places:
                known.places.append(place)
    return found
