"""Rules of the house that no single test of a room can see."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import NetworkError
from tools.common import ROOT, documented_variables

TEXT = {".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".json", ".csv", ".po", ".svg", ".yml", ".sh", ""}
# Put together from pieces, so that this file does not find itself.
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:" + "|".join(["work", "root", "tmp", "home/[a-z]+", "farm"]) + r")/")
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "(?i:lorem " + "ipsum)"]) + r")\b")
STYLE_ATTRIBUTE = re.compile(r"<[^>]*\sstyle=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")|\son[a-z]+=\"", re.IGNORECASE
)
# A link may lead anywhere; what the browser fetches or sends by itself stays here.
FOREIGN = re.compile(
    r"<(?:script|img|iframe|link|form|source|video|audio|use)\b[^>]*(?:src|srcset|href|action)=[\"'](?:https?:)?//",
    re.IGNORECASE,
)


def tracked() -> list[Path]:
    """Files that git knows or would take; none of those that it ignores."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git working copy")
    files = [ROOT / name for name in done.stdout.split("\0") if name and "/vendor/" not in name]
    return [path for path in files if path.is_file() and path.suffix in TEXT]


def offenders(pattern: re.Pattern, paths) -> list[str]:
    """``file:line: text`` of every line that the pattern finds."""
    found = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:160]}"
            for number, line in enumerate(lines, 1)
            if pattern.search(line)
        ]
    return found


def public_templates() -> list[Path]:
    """What shoppers and cooperatives see; the operators' dashboard is Oscar's, with scripts in its pages."""
    pages = [path for path in tracked() if path.suffix == ".html" and "/templates/" in str(path)]
    return [path for path in pages if "/templates/oscar/" not in str(path)]


def test_imports_go_down_never_up():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_path_of_a_machine():
    assert offenders(MACHINE_PATHS, tracked()) == []


def test_the_path_rule_bites(tmp_path):
    assert MACHINE_PATHS.search("open('/" + "tmp/x')")
    assert not MACHINE_PATHS.search("https://example.vn/" + "work/")


def test_nothing_unfinished():
    assert offenders(UNFINISHED, [path for path in tracked() if "data" not in path.parts]) == []


@pytest.mark.parametrize(
    ("rule", "pattern"), [("style", STYLE_ATTRIBUTE), ("script", INLINE_SCRIPT), ("foreign host", FOREIGN)]
)
def test_templates_obey_the_content_policy(rule, pattern):
    assert offenders(pattern, public_templates()) == [], rule


def test_every_variable_is_documented():
    names = re.compile(r"\benv(?:_\w+)?\(\s*\"(\w+)\"")
    read = set(names.findall((ROOT / "shop" / "settings.py").read_text(encoding="utf-8")))
    assert read - documented_variables() == set()


PINNED = re.compile(r"[\w.\-]+(\[[\w,]+\])?==[\w.]+(; [\w. <>=\"]+)?( +# .+)?$")


def test_every_requirement_is_pinned():
    for name in ("requirements.txt", "requirements-test.txt"):
        for line in (ROOT / name).read_text().splitlines():
            assert not line or line.startswith("#") or PINNED.match(line), line


def test_no_test_reaches_another_machine():
    with socket.socket() as connection, pytest.raises(NetworkError):
        connection.connect(("192.0.2.1", 80))
