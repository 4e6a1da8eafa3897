"""The clock: every duty at its beat, whatever the others do, until it is told to stop."""

import io
import logging
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.module_loading import import_string

from shop.reconciliation.management.commands import clock
from tests.integration.messaging import duties
from tools.common import ROOT

HERE = "tests.integration.messaging.duties"


@pytest.fixture(autouse=True)
def nothing_done():
    duties.done.clear()


def once(settings, *lines: str) -> str:
    """``manage.py clock --once`` with these duties; what it printed."""
    settings.CLOCK_DUTIES = list(lines)
    output = io.StringIO()
    call_command("clock", "--once", stdout=output)
    return output.getvalue()


def test_once_runs_every_duty(settings, caplog):
    caplog.set_level(logging.INFO)
    assert once(settings, f"{HERE}.first=60", f"{HERE}.second=3600") == "2 of 2 duties done\n"
    assert duties.done == ["first", "second"]
    assert "duty done path=tests.integration.messaging.duties.first result=2" in caplog.text
    assert "duties.second" not in caplog.text  # nothing came of it


def test_a_broken_duty_does_not_stop_the_others(settings, caplog):
    with pytest.raises(CommandError, match=r"Failed: tests\.integration\.messaging\.duties\.broken$"):
        once(settings, f"{HERE}.broken=60", f"{HERE}.first=60")
    assert duties.done == ["broken", "first"]
    assert "duty failed path=tests.integration.messaging.duties.broken" in caplog.text
    assert "no luck today" in caplog.text


@pytest.mark.parametrize(
    "line",
    [
        "",
        HERE,
        f"{HERE}.first",
        f"{HERE}.first=",
        f"{HERE}.first=0",
        f"{HERE}.first=-5",
        f"{HERE}.first=1.5",
        f"{HERE}.first=٣",
        f"{HERE}.first=60=60",
        f"{HERE}.nowhere=60",
        "nowhere.at.all=60",
        "nowhere=60",
        f"{HERE}.NOT_A_FUNCTION=60",
    ],
)
def test_a_wrong_line_is_named_before_anything_runs(settings, line):
    with pytest.raises(CommandError, match="CLOCK_DUTIES"):
        once(settings, f"{HERE}.first=60", line)
    assert duties.done == []


def test_no_duties(settings):
    assert once(settings) == "0 of 0 duties done\n"


@pytest.mark.django_db
def test_the_shops_own_duties_work(settings):
    """Whatever the settings name can be imported and runs on an empty shop."""
    lines = django_settings.CLOCK_DUTIES
    paths = [line.partition("=")[0] for line in lines]
    assert {"shop.messaging.services.messages_redeliver", "shop.messaging.rescue.tasks_rescue"} <= set(paths)
    assert all(callable(import_string(path)) for path in paths)
    assert once(settings, *lines) == f"{len(lines)} of {len(lines)} duties done\n"


@pytest.mark.django_db(transaction=True)
def test_old_connections_are_closed_between_runs(settings):
    """Tests keep connections for no time at all, so every one is old."""
    assert connection.settings_dict["CONN_MAX_AGE"] == 0
    once(settings, f"{HERE}.query=60")
    assert connection.connection is None


@pytest.mark.django_db
def test_an_open_transaction_is_left_alone(settings):
    once(settings, f"{HERE}.query=60")
    assert connection.connection is not None
    assert duties.query() == 0


# -- Time ----------------------------------------------------------------------------------------------------------


class Time:
    """A clock that moves when somebody sleeps or works, and ends the loop at a given moment."""

    def __init__(self, end: float) -> None:
        self.now, self.end = 1_000.0, 1_000.0 + end

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now > self.end:
            raise KeyboardInterrupt


@pytest.fixture
def beats(monkeypatch):
    """Run duties for a while; when each of them ran, in seconds since the start."""

    def run(end: float, *every_and_length: tuple[int, float]) -> list[list[float]]:
        time = Time(end)
        monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=time.monotonic, sleep=time.sleep))
        seen: list[list[float]] = [[] for _ in every_and_length]

        def duty(index: int, length: float):
            def work():
                seen[index].append(round(time.now - 1_000, 3))
                time.now += length

            return work

        made = [clock.Duty(str(n), every, duty(n, length)) for n, (every, length) in enumerate(every_and_length)]
        with pytest.raises(KeyboardInterrupt):
            clock.run_forever(made)
        return seen

    return run


def test_beats_do_not_drift(beats):
    assert beats(50, (10, 3.7)) == [[0, 10, 20, 30, 40, 50]]


def test_every_duty_has_its_own_beat(beats):
    assert beats(60, (20, 0.1), (30, 0.1)) == [[0, 20, 40, 60], [0.1, 30]]


def test_missed_beats_are_skipped(beats):
    assert beats(60, (10, 25)) == [[0, 30, 60]]


def test_a_long_duty_delays_the_others_once(beats):
    short, long = beats(60, (10, 0), (60, 25))
    assert short == [0, 25, 30, 40, 50, 60]
    assert long == [0, 60]


# -- Signals -------------------------------------------------------------------------------------------------------

PROGRAM = f"""
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
settings.CLOCK_DUTIES = ["{HERE}.%s=3600"]
call_command("clock")
"""


def ignore_interrupts() -> None:
    """As a shell does for what it starts in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.mark.parametrize("duty", ["tick", "endless"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once(number, duty):
    """In its pause and in the middle of a duty."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM % duty],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=ignore_interrupts,
    )
    assert process.stdout.readline() == "tick\n"
    process.send_signal(number)
    output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (0, "", "")
