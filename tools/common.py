"""What the scripts share: where things are, stamps for work already done, and the environment of child processes.

Standard library only: ``tools.venv`` imports this before anything is installed.
"""

import hashlib
import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".state"
# Tests name another file: a developer's own settings are not theirs.
LOCAL_ENV = Path(os.environ.get("ENV_FILE") or ROOT / ".env.local")


def digest(paths, extra: str = "") -> str:
    """Hash of names and contents: changes exactly when one of the files does."""
    total = hashlib.sha256(extra.encode())
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def fingerprint(folders) -> str:
    """Hash of names, sizes and times below the folders: cheap enough for every start."""
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                facts = path.stat()
                total.update(f"{path.relative_to(ROOT)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return total.hexdigest()[:16]


def sources(*folders: str, patterns=("*.py",)) -> list[Path]:
    """Files below the folders of the repository that match one of the patterns."""
    return [path for folder in folders for pattern in patterns for path in (ROOT / folder).rglob(pattern)]


def migration_hash() -> str:
    """Changes when a migrated database may be out of date: our migrations, every pin, the settings."""
    files = [path for path in sources("shop", "cms") if path.parent.name == "migrations"]
    return digest([*files, ROOT / "requirements.txt", ROOT / "shop" / "settings.py"])


def read_stamp(name: str) -> str:
    """What was written under this name, or nothing."""
    path = STATE / name
    return path.read_text() if path.exists() else ""


def write_stamp(name: str, value: str) -> None:
    """Remember that the work with this hash is done."""
    STATE.mkdir(exist_ok=True)
    (STATE / name).write_text(value)


def read_env_file(path: Path) -> dict[str, str]:
    """``NAME=value`` lines without ``#`` comments and empty values; quotes around a value are dropped."""
    values = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, found, value = line.strip().partition("=")
            value = value.strip().strip("\"'")
            if found and value and not name.startswith("#"):
                values[name.strip()] = value
    return values


def documented_variables() -> set[str]:
    """Every variable that .env.example explains."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return {line.partition("=")[0] for line in lines if "=" in line and not line.startswith("#")}


def ensure_secret() -> None:
    """Write a random SECRET_KEY for this machine once, readable by its owner alone."""
    if os.environ.get("SECRET_KEY") or "SECRET_KEY" in read_env_file(LOCAL_ENV):
        return
    handle = os.open(LOCAL_ENV, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(f"# Written by make run for this machine only.\nSECRET_KEY={secrets.token_urlsafe(50)}\n")
    LOCAL_ENV.chmod(0o600)


def child_env(**extra: str) -> dict[str, str]:
    """The environment for Django processes: .env.local first, the caller's variables win, ``extra`` wins over both."""
    local = {"PORT": "8000", "DEMO": "1", **read_env_file(LOCAL_ENV), **os.environ}
    local.setdefault("SITE_URL", f"http://localhost:{local['PORT']}")
    local.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    return {**local, "PYTHONUNBUFFERED": "1", **extra}


def manage(*arguments: str, env: dict[str, str] | None = None, **options) -> subprocess.CompletedProcess:
    """Run ``manage.py`` with this Python; a failure stops the caller."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, cwd=ROOT, env=env or child_env(), check=True, **options)


def say(text: str) -> None:
    """One line for the person at the terminal, at once."""
    print(text, flush=True)
