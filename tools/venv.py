"""Make .venv and install the pinned packages, only when something changed. Runs with the system's Python.

python3 -m tools.venv            what the marketplace runs on
python3 -m tools.venv --tests    the test tools as well
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.system import install_packages

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
OLDEST = (3, 11)


def create() -> None:
    """A fresh virtual environment; Debian keeps a part of ``venv`` in a package of its own."""
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, check=False, capture_output=True).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    print("Python's venv module is incomplete here: installing python3-venv.", flush=True)
    if install_packages("python3-venv") and subprocess.run(command, check=False).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "virtualenv", str(VENV)], check=False).returncode == 0:
        return
    sys.exit("Cannot make .venv. On Debian and Ubuntu: sudo apt-get install python3-venv, then try again.")


def usable() -> bool:
    """Does .venv hold a Python that starts and is the version we were asked with?"""
    if not PYTHON.exists():
        return False
    question = "import sys; print(sys.version_info[:2])"
    answer = subprocess.run([str(PYTHON), "-c", question], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == str(sys.version_info[:2])


def installed() -> dict:
    """Requirement file -> hash of it when it was installed."""
    if not STAMP.exists():
        return {}
    return dict(line.split() for line in STAMP.read_text().splitlines() if line.strip())


def install(names) -> None:
    """Bring .venv in line with the requirement files."""
    done = installed()
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in names}
    stale = [name for name in names if done.get(name) != wanted[name]]
    if not stale:
        return
    print(f"Installing {' and '.join(stale)} into .venv (a minute or two) ...", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    # All files together: a new pin in one must not upset the other.
    for name in sorted({*done, *names}):
        command += ["-r", str(ROOT / name)]
    if subprocess.run(command, check=False, env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}).returncode:
        sys.exit("Some packages could not be installed; the lines above say why (is there a network?).")
    STAMP.write_text("".join(f"{name} {value}\n" for name, value in {**done, **wanted}.items()))


def main() -> None:
    """See the module's docstring."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    if not usable():
        create()
    names = ["requirements.txt"]
    if "--tests" in sys.argv:
        names.append("requirements-test.txt")
    install(names)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Start again to go on from here.")
