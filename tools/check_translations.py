"""Every string of ours must have its Vietnamese, with the same placeholders.

    python -m tools.check_translations                 check; exit code 1 and a list when something is missing
    python -m tools.check_translations --write         bring locale/*/django.po in line with the code
    python -m tools.check_translations --merge FOLDER  the same, and fill gaps from FOLDER/*.json

The JSON files are flat: {"msgid": "translation"}; a plural is "singular||plural", a context "context|||msgid".
A string that Django, Oscar, Wagtail or allauth already ship in Vietnamese counts as translated. Where they ship none,
their own strings may be added to our catalogue through JSON.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import django
import polib

from tools.common import ROOT
from tools.extract import Message, extract

LANGUAGE = "vi"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdif]|(?<!%)%[sdif]|\{(\w*)\}")
METADATA = {
    "Project-Id-Version": "OCOP marketplace",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
PLURALS = {"vi": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}


def catalogue_path(language: str) -> Path:
    """Where our catalogue of this language is."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def open_catalogue(language: str) -> polib.POFile:
    """Our catalogue, or a new one with nothing but its header."""
    path = catalogue_path(language)
    catalogue = polib.pofile(str(path), wrapwidth=110) if path.exists() else polib.POFile(wrapwidth=110)
    catalogue.metadata = {**METADATA, "Language": language, "Plural-Forms": PLURALS[language]}
    return catalogue


def vendor_catalogues(language: str) -> Iterable[polib.POFile]:
    """Catalogues that Django and the installed applications ship in this language."""
    from django.apps import apps

    folders = [Path(django.__file__).parent / "conf" / "locale"]
    ours = (ROOT / "shop", ROOT / "cms")
    paths = [Path(config.path) for config in apps.get_app_configs()]
    folders += [path / "locale" for path in paths if not any(path.is_relative_to(own) for own in ours)]
    # Oscar keeps one catalogue for all of its applications.
    import oscar

    folders.append(Path(oscar.__file__).parent / "locale")
    for folder in folders:
        path = folder / language / "LC_MESSAGES" / "django.po"
        if path.exists():
            yield polib.pofile(str(path))


def entry_key(entry: polib.POEntry) -> tuple[str, str]:
    """Context and msgid."""
    return entry.msgctxt or "", entry.msgid


def translation(entry: polib.POEntry) -> str:
    """The Vietnamese of an entry (Vietnamese has one form), or nothing."""
    if entry.obsolete or "fuzzy" in entry.flags:
        return ""
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def placeholders(text: str) -> set[str]:
    """What must appear on both sides."""
    return {match.group(0).replace("%%", "") for match in PLACEHOLDER.finditer(text)}


def wrong_placeholders(message: Message, text: str) -> bool:
    """A placeholder that is lost breaks the sentence; one that is invented breaks the page."""
    wanted = placeholders(message.plural or message.msgid)
    known = wanted | placeholders(message.msgid)
    return not wanted <= placeholders(text) <= known


def check(messages: dict[tuple[str, str], Message]) -> list[str]:
    """One line per string without a good translation."""
    ours = {entry_key(entry): entry for entry in open_catalogue(LANGUAGE)}
    shipped = {entry_key(entry) for file in vendor_catalogues(LANGUAGE) for entry in file if translation(entry)}
    problems = []
    for key, message in messages.items():
        entry = ours.get(key)
        text = translation(entry) if entry else ""
        if text and wrong_placeholders(message, text):
            problems.append(f"{message.places[0]}: placeholders differ: {message.msgid!r} -> {text!r}")
        elif text and bool(message.plural) != bool(entry.msgid_plural):
            problems.append(f"{message.places[0]}: plural differs: {message.msgid!r}")
        elif not text and key not in shipped:
            problems.append(f"{message.places[0]}: no Vietnamese: {message.msgid!r}")
    return sorted(problems)


def read_json(folder: Path) -> dict[tuple[str, str, str], str]:
    """(context, msgid, plural) -> translation. Where two files differ the first stays, and a line says so."""
    found: dict[tuple[str, str, str], str] = {}
    for path in sorted(folder.glob("*.json")):
        for name, text in json.loads(path.read_text(encoding="utf-8")).items():
            context, _, rest = name.rpartition("|||")
            msgid, _, plural = rest.partition("||")
            if found.setdefault((context, msgid, plural), text) != text:
                print(f"{path.name}: another translation is already known for {msgid!r}: {text!r} is not used")
    return found


def new_entry(key: tuple[str, str], plural: str, places: list[str]) -> polib.POEntry:
    """An entry without translation. Files without line numbers: an edit elsewhere must not change the catalogue."""
    context, msgid = key
    entry = polib.POEntry(msgid=msgid, msgctxt=context or None, occurrences=[(place, "") for place in sorted(places)])
    if plural:
        entry.msgid_plural, entry.msgstr_plural = plural, {0: ""}
    if PLACEHOLDER.search(msgid):
        entry.flags = ["python-format"] if "%" in msgid else ["python-brace-format"]
    return entry


def fill(entry: polib.POEntry, text: str) -> None:
    """Put the translation in its place."""
    if entry.msgid_plural:
        entry.msgstr_plural = {0: text}
    else:
        entry.msgstr = text


def write(messages: dict[tuple[str, str], Message], extra: dict[tuple[str, str, str], str]) -> None:
    """Rewrite the Vietnamese catalogue: old translations stay, unused entries go, gaps are filled from ``extra``."""
    old = {entry_key(entry): translation(entry) for entry in open_catalogue(LANGUAGE)}
    given = {(context, msgid): (text, plural) for (context, msgid, plural), text in extra.items()}
    vendor = {entry_key(entry): entry.msgid_plural for file in vendor_catalogues("en") for entry in file}
    wanted = {key: (message.plural, message.places) for key, message in messages.items()}
    for key in {*old, *given} - wanted.keys():
        if key in vendor and (old.get(key) or key in given):
            wanted[key] = (vendor[key], [])
    catalogue = open_catalogue(LANGUAGE)
    catalogue.clear()
    for key in sorted(wanted, key=lambda key: (not wanted[key][1], key[1].lower(), key)):
        entry = new_entry(key, *wanted[key])
        fill(entry, old.get(key) or given.get(key, ("", ""))[0])
        catalogue.append(entry)
    for language, file in ((LANGUAGE, catalogue), ("en", open_catalogue("en"))):
        catalogue_path(language).parent.mkdir(parents=True, exist_ok=True)
        file.save(str(catalogue_path(language)))


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description="Check or write the translations.")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--merge", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    os.environ.setdefault("SECRET_KEY", "not-used")
    django.setup()
    messages = extract()
    if options.write or options.merge:
        write(messages, read_json(options.merge) if options.merge else {})
    problems = check(messages)
    print("\n".join([*problems, f"{len(messages)} strings, {len(problems)} without good Vietnamese"]))
    return 1 if problems and not (options.write or options.merge) else 0


if __name__ == "__main__":
    sys.exit(main())
