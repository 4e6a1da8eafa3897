"""Things that come from the operating system: Debian packages, a Chromium, the library that sets text in PDFs."""

import ctypes
import os
import shutil
import subprocess

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PANGO_NAMES = ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0.0.dylib")
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0")


def administrator() -> list[str] | None:
    """The prefix that makes a command run as root; None when we may not."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n", "env"] if allowed else None


def install_packages(*names: str) -> bool:
    """Install Debian packages without asking questions. False when that is impossible here."""
    prefix = administrator()
    if prefix is None or not shutil.which("apt-get"):
        return False
    quiet = ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    start = [*(prefix or ["env"]), *quiet]
    subprocess.run([*start, "update"], check=False)
    return subprocess.run([*start, "install", "-y", "--no-install-recommends", *names], check=False).returncode == 0


def find_chromium() -> str | None:
    """Path of a Chromium: the variable CHROMIUM, or the first known name on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def has_pango() -> bool:
    """Whether WeasyPrint will find Pango."""
    for name in PANGO_NAMES:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def ensure_pango() -> bool:
    """Whether PDFs can be made, after installing what is missing where we may. The shop runs without."""
    if not has_pango():
        print("Pango is missing: installing it for labels and delivery notes ...", flush=True)
        install_packages(*PANGO_PACKAGES)
    if not has_pango():
        print(f"No PDFs until it is there. On Debian and Ubuntu: sudo apt-get install {' '.join(PANGO_PACKAGES)}")
    return has_pango()


def ensure_chromium() -> str | None:
    """Path of a Chromium, installed when it is missing and we may."""
    found = find_chromium()
    if not found:
        print("Chromium is missing: installing it for the browser tests ...", flush=True)
        install_packages("chromium")
        found = find_chromium()
    return found
