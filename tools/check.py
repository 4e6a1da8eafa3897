"""The checks that need no test: style, templates, imports, migrations, settings, translations. Under a minute.

All of them run, two at a time, so that one visit shows everything there is to mend.
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.common import ROOT, say

PYTHON = sys.executable


def program(name: str) -> str:
    """A tool from this Python's own folder, else from the PATH."""
    beside = Path(PYTHON).parent / name
    return str(beside) if beside.exists() else shutil.which(name) or name


def template_folders() -> list[str]:
    """Where templates are; djLint complains about folders that do not exist."""
    return [folder for folder in ("shop/templates", "cms/templates") if (ROOT / folder).is_dir()]


def steps() -> dict[str, list[str]]:
    """Name -> command."""
    django = [PYTHON, "manage.py"]
    return {
        "style (ruff check)": [program("ruff"), "check", "--quiet", "--output-format", "concise", "."],
        "format (ruff format)": [program("ruff"), "format", "--check", "--quiet", "--output-format", "concise", "."],
        "templates (djlint)": [PYTHON, "-m", "djlint", "--lint", "--quiet", *template_folders()],
        "imports (import-linter)": [
            PYTHON,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-logo",
        ],
        "migrations are complete": [*django, "makemigrations", "--check", "--dry-run"],
        "settings (manage.py check)": [*django, "check", "--fail-level", "WARNING"],
        "every string has its Vietnamese": [PYTHON, "-m", "tools.check_translations"],
    }


def run(name: str, command: list[str]) -> tuple[str, bool, str, float]:
    """Name, success, what it said, seconds. Developers' own variables do not count."""
    start = time.monotonic()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    env.pop("TEST_DATABASE_URL", None)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return name, done.returncode == 0, (done.stdout + done.stderr).strip(), time.monotonic() - start


def check() -> tuple[int, int]:
    """Run all checks; how many passed and how many failed."""
    (ROOT / ".test-cache").mkdir(exist_ok=True)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda item: run(*item), steps().items()))
    for name, good, output, seconds in results:
        say(f"{'ok    ' if good else 'FAILED'} {name} ({seconds:.0f} s)")
        if not good:
            say("\n".join(f"       {line}" for line in output.splitlines()[-60:]))
    failed = sum(not good for _, good, _, _ in results)
    return len(results) - failed, failed


if __name__ == "__main__":
    sys.exit(1 if check()[1] else 0)
