"""Run the marketplace on this machine: the web server, the background worker and the clock, until Ctrl-C.

python -m tools.run --check-port    only say whether PORT is free (before the slow preparations)
python -m tools.run                 start

With STRIPE=demo a stand-in for Stripe runs beside them, and cards can be tried without an account.
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
from collections.abc import Callable

from tools.common import ROOT, child_env, say

PATIENCE = 60  # seconds until the first answer
GRACE = 10  # seconds between asking a process to stop and killing it
STRIPE_PORT = "8900"
# The shop's own default and cards.
PROVIDERS_WITH_CARDS = (
    "shop.payment.vietqr.provider.VietQR,shop.payment.cod.provider.CashOnDelivery,shop.payment.stripe.provider.Card"
)

Begin = Callable[[dict[str, str]], subprocess.Popen]


def die_with_parent() -> None:
    """In the child, on Linux: ask for SIGTERM when the supervisor itself is killed, so nothing keeps the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def start(*arguments: str, env: dict[str, str]) -> subprocess.Popen:
    """Start a child in a session of its own: Ctrl-C reaches the supervisor alone, which stops all in order."""
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
    return start("manage.py", "db_worker", "--no-reload", "--queue-name", "*", "--interval", "0.3", env=env)


def start_clock(env: dict[str, str]) -> subprocess.Popen:
    """The periodic duties: what expires, what was lost."""
    return start("manage.py", "clock", env=env)


def wants_stripe_demo(env: dict[str, str]) -> bool:
    """Was the stand-in for Stripe asked for?"""
    return env.get("STRIPE", "").strip().lower() == "demo"


def stripe_port(env: dict[str, str]) -> str:
    """Where the stand-in listens."""
    return env.get("STRIPE_DEMO_PORT") or STRIPE_PORT


def with_stripe_demo(env: dict[str, str]) -> dict[str, str]:
    """The environment in which the shop talks to the stand-in; unchanged unless STRIPE=demo.

    Keys of a real account are put aside: they must not go to a stand-in.
    """
    if not wants_stripe_demo(env):
        return env
    return {
        **env,
        "STRIPE_SECRET_KEY": "sk_test_demo",
        "STRIPE_WEBHOOK_SECRET": "whsec_demo",
        "STRIPE_API_BASE": f"http://127.0.0.1:{stripe_port(env)}",
        "PAYMENT_PROVIDERS": env.get("PAYMENT_PROVIDERS") or PROVIDERS_WITH_CARDS,
    }


def start_stripe(env: dict[str, str]) -> subprocess.Popen:
    """The stand-in for Stripe: its payment page, its calls back to the shop."""
    site = env.get("SITE_URL") or f"http://127.0.0.1:{env['PORT']}"
    webhook = f"{site.rstrip('/')}/webhooks/stripe/"
    options = ["--port", stripe_port(env), "--webhook", webhook, "--secret", env["STRIPE_WEBHOOK_SECRET"]]
    return start("-m", "tests.fakes.stripe_double", *options, env=env)


class Kept:
    """A child that is started again when it ends, ever more slowly when it keeps dying."""

    def __init__(self, title: str, begin: Begin, env: dict[str, str]) -> None:
        self.title, self.begin, self.env = title, begin, env
        self.pause, self.again_at = 1.0, 0.0
        self.start()

    def start(self) -> None:
        """Start it, now."""
        self.process, self.born, self.again_at = self.begin(self.env), time.monotonic(), 0.0

    def look(self) -> None:
        """Plan a new start when it has ended, and do it when its time has come. Never waits."""
        now = time.monotonic()
        if self.again_at:
            if now >= self.again_at:
                self.start()
        elif self.process.poll() is not None:
            self.pause = 1.0 if now - self.born > 60 else min(self.pause * 2, 30)
            self.again_at = now + self.pause
            say(f"{self.title} ended (code {self.process.returncode}); starting it again in {self.pause:.0f} s.")


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


def check_port(env: dict[str, str], name: str = "PORT") -> None:
    """Stop with a sentence when another program already answers on the port that the variable ``name`` gives."""
    port = env[name]
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(f"{name} must be a number between 1 and 65535, not {port!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((env.get("HOST", "127.0.0.1"), int(port)))
        except PermissionError:
            sys.exit(f"Port {port} needs more rights. Choose one above 1023: make run {name}=8001")
        except OSError:
            sys.exit(f"Port {port} is busy. Choose another one: make run {name}={int(port) + 1}")


def check_ports(env: dict[str, str]) -> None:
    """All ports that will be needed."""
    check_port(env)
    if wants_stripe_demo(env):
        if stripe_port(env) == env["PORT"]:
            sys.exit("PORT and STRIPE_DEMO_PORT must differ.")
        check_port({"STRIPE_DEMO_PORT": stripe_port(env)}, "STRIPE_DEMO_PORT")


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


def helpers_wanted(env: dict[str, str]) -> dict[str, Begin]:
    """What runs beside the web server: title -> how to start it."""
    wanted: dict[str, Begin] = {"The background worker": start_worker, "The clock": start_clock}
    return {**wanted, "The stand-in for Stripe": start_stripe} if wants_stripe_demo(env) else wanted


def supervise(web: subprocess.Popen, helpers: list[Kept]) -> None:
    """Until the web server ends; the others are replaced when they die."""
    while web.poll() is None:
        for helper in helpers:
            helper.look()
        time.sleep(0.5)


def run(env: dict[str, str]) -> None:
    """Start everything, and stop everything whatever happens."""
    web, helpers = start_web(env), []
    try:
        for title, begin in helpers_wanted(env).items():
            helpers.append(Kept(title, begin, env))
        wait_for(web, env)
        greet(env)
        supervise(web, helpers)
        say(f"The web server ended (code {web.returncode}).")
    except KeyboardInterrupt:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        say("\nStopping ...")
        return
    finally:
        stop([web, *[helper.process for helper in helpers]])
    sys.exit(1)


def main() -> None:
    """See the module's docstring."""
    # A shell that starts us in the background hands down an ignored SIGINT.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    env = with_stripe_demo(child_env())
    check_ports(env)
    if "--check-port" not in sys.argv:
        run(env)


if __name__ == "__main__":
    main()
