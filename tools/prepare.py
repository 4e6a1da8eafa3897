"""Bring the database, the translations, the demo shop and the static files up to date. Does nothing twice.

First start: a few minutes. Later starts: well under a second.
"""

import hashlib
import sqlite3
import subprocess
import sys
from pathlib import Path

from tools.common import (
    ROOT,
    child_env,
    digest,
    ensure_secret,
    fingerprint,
    manage,
    migration_hash,
    read_stamp,
    say,
    write_stamp,
)
from tools.compile_messages import compile_all
from tools.system import ensure_pango


def sqlite_file(env: dict[str, str]) -> Path | None:
    """The database file, or None when the database is a server."""
    url = env.get("DATABASE_URL", "")
    if not url:
        return ROOT / "db.sqlite3"
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def version_mark() -> int:
    """The migration hash as the 31-bit number that SQLite keeps in a file's header."""
    return int(migration_hash(), 16) % 2**31


def is_migrated(file: Path) -> bool:
    """Does the file carry our mark? It sits in the database, so a restored backup tells its own age."""
    if not file.exists():
        return False
    connection = sqlite3.connect(file)
    try:
        return connection.execute("PRAGMA user_version").fetchone()[0] == version_mark()
    finally:
        connection.close()


def migrate(env: dict[str, str]) -> bool:
    """Apply missing migrations. True when the database is new.

    A file that does not exist yet holds nothing to lose, so it is written without waiting for the disk: three times
    faster.
    """
    file = sqlite_file(env)
    if file is None:
        manage("migrate", "--verbosity", "0", env=env)
        return False
    if is_migrated(file):
        return False
    new = not file.exists()
    say("Creating the database (about a minute) ..." if new else "Updating the database ...")
    manage("migrate", "--verbosity", "0", env={**env, "SQLITE_SYNCHRONOUS": "OFF"} if new else env)
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(f"PRAGMA user_version={version_mark()}")
    connection.close()
    return new


def load_demo(env: dict[str, str], *, new_database: bool) -> None:
    """Fill the shop the first time; afterwards what people changed stays as it is (``make demo`` runs it again)."""
    if env.get("DEMO", "").lower() in {"0", "false", "no", "off"}:
        return
    database = hashlib.sha256(str(env.get("DATABASE_URL") or sqlite_file(env)).encode()).hexdigest()[:12]
    stamp = f"demo-{database}"
    if read_stamp(stamp) and not new_database:
        return
    say("Filling the shop with sample cooperatives and products ...")
    manage("load_demo", env=env)
    write_stamp(stamp, "loaded")


def static_mark(env: dict[str, str]) -> str:
    """Changes when the collected static files may be out of date."""
    settings = digest([ROOT / "requirements.txt", ROOT / "shop" / "settings.py"], extra=env.get("DEBUG", ""))
    return settings + fingerprint([ROOT / "shop" / "static", ROOT / "cms" / "static"])


def start_collecting(env: dict[str, str]) -> subprocess.Popen | None:
    """Collect and compress static files in the background, beside the migration; None when they are up to date."""
    target = Path(env.get("STATIC_ROOT", ROOT / ".static"))
    if target.exists() and read_stamp("static") == static_mark(env):
        return None
    say("Collecting static files ...")
    command = [sys.executable, str(ROOT / "manage.py"), "collectstatic", "--noinput", "--clear", "--verbosity", "0"]
    return subprocess.Popen(command, cwd=ROOT, env=env)


def finish_collecting(process: subprocess.Popen | None, env: dict[str, str]) -> None:
    """Wait for the collector and remember its work."""
    if process is None:
        return
    if process.wait():
        sys.exit("The static files could not be collected; see above.")
    write_stamp("static", static_mark(env))


def main() -> None:
    """See the module's docstring."""
    ensure_secret()
    ensure_pango()
    env = child_env()
    compile_all()
    collecting = start_collecting(env)
    try:
        load_demo(env, new_database=migrate(env))
    except subprocess.CalledProcessError as error:
        if collecting:
            collecting.terminate()
        sys.exit(f"Stopped: {Path(error.cmd[1]).name} {error.cmd[2]} failed; see above.")
    finish_collecting(collecting, env)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Start again to go on from here.")
