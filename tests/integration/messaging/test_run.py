"""The supervisor: what runs beside the web server, and with which environment."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tools import run

ENV = {"PORT": "8001", "SITE_URL": "http://localhost:8001", "STRIPE_SECRET_KEY": "sk_live_real"}


@pytest.fixture
def commands(monkeypatch):
    """The command lines that would have been started."""
    seen = []
    monkeypatch.setattr(run, "start", lambda *arguments, env: seen.append(arguments))
    return seen


def test_without_the_demo_nothing_changes():
    assert run.with_stripe_demo(ENV) is ENV
    assert run.with_stripe_demo({**ENV, "STRIPE": ""}) == {**ENV, "STRIPE": ""}
    assert list(run.helpers_wanted(ENV)) == ["The background worker", "The clock"]


def test_the_demo_replaces_real_keys_and_adds_cards():
    env = run.with_stripe_demo({**ENV, "STRIPE": "demo"})
    assert env == {
        "PORT": "8001",
        "SITE_URL": "http://localhost:8001",
        "STRIPE": "demo",
        "STRIPE_SECRET_KEY": "sk_test_demo",
        "STRIPE_WEBHOOK_SECRET": "whsec_demo",
        "STRIPE_API_BASE": "http://127.0.0.1:8900",
        "PAYMENT_PROVIDERS": "shop.payment.vietqr.provider.VietQR,shop.payment.cod.provider.CashOnDelivery,"
        "shop.payment.stripe.provider.Card",
    }
    assert list(run.helpers_wanted(env)) == ["The background worker", "The clock", "The stand-in for Stripe"]


def test_chosen_providers_and_port_stay():
    env = run.with_stripe_demo({**ENV, "STRIPE": "demo", "PAYMENT_PROVIDERS": "a.B", "STRIPE_DEMO_PORT": "8950"})
    assert (env["PAYMENT_PROVIDERS"], env["STRIPE_API_BASE"]) == ("a.B", "http://127.0.0.1:8950")


def test_providers_of_the_demo_are_the_shops_own_and_cards(settings):
    assert [*settings.PAYMENT_PROVIDERS, "shop.payment.stripe.provider.Card"] == run.PROVIDERS_WITH_CARDS.split(",")


def test_commands(commands):
    env = run.with_stripe_demo({**ENV, "STRIPE": "demo"})
    for begin in run.helpers_wanted(env).values():
        begin(env)
    run.start_stripe({**env, "SITE_URL": ""})
    webhook = "http://localhost:8001/webhooks/stripe/"
    double = ("-m", "tests.fakes.stripe_double", "--port", "8900", "--webhook")
    assert commands == [
        ("manage.py", "db_worker", "--no-reload", "--queue-name", "*", "--interval", "0.3"),
        ("manage.py", "clock"),
        (*double, webhook, "--secret", "whsec_demo"),
        (*double, "http://127.0.0.1:8001/webhooks/stripe/", "--secret", "whsec_demo"),
    ]


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"PORT": "0"}, "PORT must be a number"),
        ({"PORT": "x"}, "PORT must be a number"),
        ({"PORT": "8900", "STRIPE": "demo"}, "PORT and STRIPE_DEMO_PORT must differ"),
        ({"PORT": "8001", "STRIPE": "demo", "STRIPE_DEMO_PORT": "99999"}, "STRIPE_DEMO_PORT must be a number"),
    ],
)
def test_impossible_ports(env, words, monkeypatch):
    monkeypatch.setattr(run.socket.socket, "bind", lambda self, address: None)
    with pytest.raises(SystemExit, match=words):
        run.check_ports(env)


class Child:
    """A process that ends when told."""

    returncode = None

    def poll(self):
        return self.returncode


def test_a_dead_child_is_started_again_ever_more_slowly(monkeypatch, capsys):
    time = SimpleNamespace(now=0.0)
    monkeypatch.setattr(run, "time", SimpleNamespace(monotonic=lambda: time.now))
    born = []
    kept = run.Kept("The clock", lambda env: born.append(time.now) or Child(), ENV)
    pauses = []
    for _ in range(6):
        kept.process.returncode = -9
        died = time.now
        while kept.process.poll() is not None:
            kept.look()
            time.now += 0.5
        pauses.append(born[-1] - died)
    assert pauses == [2, 4, 8, 16, 30, 30]
    assert capsys.readouterr().out.startswith("The clock ended (code -9); starting it again in 2 s.\n")

    time.now += 61
    kept.process.returncode = 1
    kept.look()
    assert kept.again_at - time.now == 1


def test_an_ignored_interrupt_is_heard_again():
    """A shell hands down an ignored SIGINT to what it starts in the background."""
    program = (
        "import os, signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from tools import run\n"
        "run.child_env = lambda: {'PORT': '8001'}\n"
        "run.check_ports = lambda env: os.kill(os.getpid(), signal.SIGINT)\n"
        "try:\n    run.main()\nexcept KeyboardInterrupt:\n    print('heard')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=run.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "heard\n"
