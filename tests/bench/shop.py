"""A shop to be measured: its database, its processes, and work done in it."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.browser.site import environment, static_files
from tests.postgres import free_port
from tools.common import ROOT
from tools.locks import only_one
from tools.run import start_web, start_worker, stop, wait_for

SENDER_PROCESSES = 2
SENDERS = 8
SECRET_KEY = "only-for-measurements"


class Shop:
    """``work(name, *arguments)`` in a process that has loaded it; ``start()`` and ``stop()``; ``send(calls)``."""

    def __init__(self, folder: Path, kind: str, database: str) -> None:
        self.kind, self.folder, self.port = kind, folder, free_port()
        more = {"DATABASE_URL": database, "SECRET_KEY": SECRET_KEY, "DEMO": "0", "LOG_LEVEL": "ERROR"}
        more |= {"SMS_BACKEND": "shop.messaging.backends.file", "MESSAGE_FILE": str(folder / "messages.jsonl")}
        self.env = environment(folder, self.port, **more)
        self.processes: list[subprocess.Popen] = []

    def work(self, name: str, *arguments: str) -> Any:
        """What a function of ``tests.bench.work`` returned."""
        command = [sys.executable, "-m", "tests.bench.work", name, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    def start(self, *, worker: bool) -> None:
        """gunicorn as in ``make run``, and the worker when it is wanted."""
        with only_one("demo"):
            static_files()
        self.processes = [start_web(self.env)]
        wait_for(self.processes[0], self.env)
        if worker:
            self.processes.append(start_worker(self.env))

    def stop(self) -> None:
        """Stop what runs."""
        stop(self.processes)
        self.processes = []

    def send(self, calls: list[dict[str, Any]], senders: int = SENDERS) -> "Figures":
        """Let that many senders, in processes of their own, make the calls as fast as they are answered."""
        shares = [calls[n::SENDER_PROCESSES] for n in range(SENDER_PROCESSES)]
        processes = [self.sender(share, senders // SENDER_PROCESSES) for share in shares]
        outputs = [json.loads(process.communicate()[0]) for process in processes]
        begin, end = min(out["begin"] for out in outputs), max(out["end"] for out in outputs)
        answers = [answer for out in outputs for answer in out["answers"]]
        return Figures([seconds for seconds, _status in answers], [status for _seconds, status in answers], end - begin)

    def sender(self, calls: list[dict[str, Any]], threads: int) -> subprocess.Popen:
        file = Path(tempfile.mkstemp(dir=self.folder, suffix=".json")[1])
        file.write_text(json.dumps(calls))
        command = [sys.executable, "-m", "tests.bench.senders", str(self.port), str(threads), str(file)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


class Figures:
    """Times of answers in milliseconds: ``p(95)``; ``rate`` of answers in a second; ``statuses``."""

    def __init__(self, seconds: list[float], statuses: list[int], took: float) -> None:
        self.times, self.statuses = sorted(1000 * value for value in seconds), set(statuses)
        self.rate = len(seconds) / took

    def p(self, percent: int) -> float:
        """The time within which so many of a hundred answers came."""
        return self.times[min(len(self.times) - 1, len(self.times) * percent // 100)]

    def __str__(self) -> str:
        return f"{self.rate:5.0f}/s   p50 {self.p(50):5.1f}   p95 {self.p(95):5.1f}   p99 {self.p(99):5.1f} ms"
