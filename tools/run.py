"""Run the marketplace on this machine: the web server and the background worker, until Ctrl-C.

python -m tools.run --check-port    only say whether PORT is free (before the slow preparations)
python -m tools.run                 start
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from tools.common import ROOT, child_env, say

PATIENCE = 60  # seconds until the first answer
GRACE = 10  # seconds between asking a process to stop and killing it


def die_with_parent() -> None:
    """In the child, on Linux: ask for SIGTERM when the supervisor itself is killed, so nothing keeps the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def start(*arguments: str, env: dict[str, str]) -> subprocess.Popen:
    """Start a child in a session of its own: Ctrl-C reaches the supervisor alone, which stops both in order."""
    command = [sys.executable, *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=env, start_new_session=True, preexec_fn=die_with_parent, stdin=subprocess.DEVNULL
    )


def start_web(env: dict[str, str]) -> subprocess.Popen:
    """gunicorn with threads. The code is loaded once and shared by the processes."""
    options = ["--preload", "--no-control-socket", "--worker-class", "gthread", "--log-level", "warning"]
    options += ["--graceful-timeout", str(GRACE - 2)]
    if os.path.isdir("/dev/shm"):  # noqa: S108  heartbeats in memory: a slow disk must not look like a dead worker
        options += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    options += ["--workers", env.get("WEB_PROCESSES", "2"), "--threads", env.get("WEB_THREADS", "4")]
    options += ["--bind", f"{env.get('HOST', '127.0.0.1')}:{env['PORT']}"]
    return start("-m", "gunicorn", *options, "shop.wsgi:application", env=env)


def start_worker(env: dict[str, str]) -> subprocess.Popen:
    """The background worker: messages, and whatever else was put on the queue."""
    return start("manage.py", "db_worker", "--no-reload", "--queue-name", "*", env=env)


def stop(processes) -> None:
    """Ask all to finish what they are doing, then insist."""
    alive = [process for process in processes if process.poll() is None]
    for process in alive:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in alive:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def check_port(env: dict[str, str]) -> None:
    """Stop with a sentence when another program already answers on PORT."""
    port = env["PORT"]
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(f"PORT must be a number between 1 and 65535, not {port!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((env.get("HOST", "127.0.0.1"), int(port)))
        except PermissionError:
            sys.exit(f"Port {port} needs more rights. Choose one above 1023: make run PORT=8001")
        except OSError:
            sys.exit(f"Port {port} is busy. Choose another one: make run PORT={int(port) + 1}")


def answers(env: dict[str, str]) -> bool:
    """Does the web server answer already? Any answer counts, an error page as well."""
    host = env.get("HOST", "127.0.0.1").replace("0.0.0.0", "127.0.0.1")  # noqa: S104  comparison, nothing is bound
    request = urllib.request.Request(f"http://{host}:{env['PORT']}/livez", headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310  our own address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def wait_for(web: subprocess.Popen, env: dict[str, str]) -> None:
    """Until the first answer; stops with a sentence when none comes."""
    deadline = time.monotonic() + PATIENCE
    while not answers(env):
        if web.poll() is not None or time.monotonic() > deadline:
            stop([web])
            sys.exit("The web server did not start; the lines above say why.")
        time.sleep(0.1)


def greet(env: dict[str, str]) -> None:
    """Address and, in a demo shop, who can sign in."""
    say(f"\nThe market is open: {env['SITE_URL']}/   (English: {env['SITE_URL']}/en/)   Ctrl-C stops it.\n")
    if env.get("DEMO", "").lower() not in {"0", "false", "no", "off"}:
        subprocess.run([sys.executable, "manage.py", "demo_accounts"], cwd=ROOT, env=env, check=False)


def supervise(children: dict[str, subprocess.Popen], env: dict[str, str]) -> None:
    """Until the web server ends. A dead worker is replaced, ever more slowly when it keeps dying."""
    pause, born = 1.0, time.monotonic()
    while children["web"].poll() is None:
        worker = children["worker"]
        if worker.poll() is not None:
            pause = 1.0 if time.monotonic() - born > 60 else min(pause * 2, 30)
            say(f"The background worker ended (code {worker.returncode}); starting it again in {pause:.0f} s.")
            time.sleep(pause)
            children["worker"], born = start_worker(env), time.monotonic()
        time.sleep(0.5)


def main() -> None:
    """See the module's docstring."""
    env = child_env()
    check_port(env)
    if "--check-port" in sys.argv:
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    children: dict[str, subprocess.Popen] = {}
    try:
        children["web"] = start_web(env)
        children["worker"] = start_worker(env)
        wait_for(children["web"], env)
        greet(env)
        supervise(children, env)
        say(f"The web server ended (code {children['web'].returncode}).")
    except KeyboardInterrupt:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        say("\nStopping ...")
        return
    finally:
        stop(children.values())
    sys.exit(1)


if __name__ == "__main__":
    main()
