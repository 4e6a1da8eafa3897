"""Run the checks and all tests in phases. The last line reads ``N passed, N failed, N skipped`` over everything.

python -m tools.run_tests                            everything (make test)
python -m tools.run_tests concurrency --rounds 10    one phase, several times (make stress)
python -m tools.run_tests bench                      the measurements (make bench)
"""

import argparse
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from tests import postgres
from tools.check import check
from tools.common import ROOT, say
from tools.compile_messages import compile_all
from tools.locks import CACHE
from tools.system import ensure_chromium, ensure_pango


@dataclass
class Count:
    """Tests by outcome."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: "Count") -> None:
        """Sum over phases."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass
class Phase:
    """Some folders of tests/, run in one way."""

    name: str
    folders: tuple[str, ...]
    database: str = "sqlite"
    options: tuple[str, ...] = ()
    chromium: bool = False

    #: Folders below them that are left out.
    without: tuple[str, ...] = ()

    def paths(self) -> list[str]:
        """The folders that hold tests today."""
        return [f"tests/{name}" for name in self.folders if list((ROOT / "tests" / name).rglob("test_*.py"))]


LONGEST = 1500  # seconds of one phase, even on a busy machine
TWO = ("-n", "2", "--dist", "loadfile")
PAGES = ("integration/seller", "integration/cms", "integration/demo", "integration/dashboard")
PHASES = {
    "sqlite": Phase("unit and integration on SQLite", ("unit", "integration"), options=TWO),
    # What reads and writes. The pages over it ask in the same words on both; the isolation tests open each of them.
    "postgres": Phase("integration on PostgreSQL", ("integration",), "postgres", TWO, without=PAGES),
    "concurrency": Phase("concurrency on PostgreSQL", ("concurrency",), "postgres"),
    "browser": Phase("browser", ("browser",), chromium=True),
    "bench": Phase("measurements", ("bench",), options=("-s", "-o", "norecursedirs=.*")),
}
ALL = ("sqlite", "postgres", "concurrency", "browser")


def read_report(path: Path) -> Count:
    """Outcomes from pytest's XML. No report means that pytest itself broke: one failure."""
    if not path.exists():
        return Count(failed=1)
    suites = ElementTree.parse(path).getroot().iter("testsuite")  # noqa: S314  pytest wrote it a moment ago
    total = Count()
    for suite in suites:
        number = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
        bad = number["failures"] + number["errors"]
        total.add(Count(max(0, number["tests"] - bad - number["skipped"]), bad, number["skipped"]))
    return total


def environment(phase: Phase) -> dict[str, str]:
    """Which database the phase uses, and where Chromium is."""
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    env.pop("TEST_DATABASE_URL", None)
    if phase.database == "postgres":
        env["TEST_DATABASE_URL"] = postgres.ensure()
    if "integration" in phase.folders:
        ensure_pango()
    if phase.chromium:
        env["CHROMIUM"] = ensure_chromium() or ""
    return env


def run(key: str, extra: list[str]) -> Count:
    """One phase, with its outcome."""
    phase = PHASES[key]
    paths = phase.paths()
    if not paths:
        return Count()
    say(f"\n=== {phase.name}")
    env = environment(phase)
    if phase.chromium and not env["CHROMIUM"]:
        say("No Chromium and no way to install one: set CHROMIUM to its path.")
        return Count(failed=1)
    report = CACHE / f"report-{key}.xml"
    report.unlink(missing_ok=True)
    start = time.monotonic()
    ignored = [f"--ignore=tests/{name}" for name in phase.without]
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *phase.options, *ignored, *paths, *extra]
    try:
        code = subprocess.run(command, cwd=ROOT, env=env, check=False, timeout=LONGEST).returncode
    except subprocess.TimeoutExpired:
        say(f"Stopped after {LONGEST} s: a test hangs (the last name above).")
        return Count(failed=1)
    count = read_report(report)
    if code not in (0, 1) and not count.failed:
        count.failed = 1
    say(f"--- {phase.name}: {count} in {time.monotonic() - start:.0f} s")
    return count


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description="Run the tests.")
    parser.add_argument("phases", nargs="*", choices=[*PHASES, []], help="all of them when none is named")
    parser.add_argument("--rounds", type=int, default=1)
    options, extra = parser.parse_known_args()
    CACHE.mkdir(exist_ok=True)
    (CACHE / "summary.txt").unlink(missing_ok=True)
    compile_all()
    total = Count()
    try:
        if not options.phases:
            say("=== checks")
            passed, failed = check()
            total.add(Count(passed, failed))
        for _ in range(options.rounds):
            for key in options.phases or ALL:
                total.add(run(key, extra))
    finally:
        postgres.stop()
    (CACHE / "summary.txt").write_text(f"{total}\n")
    say(f"\n{total}")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
