"""Callers with kept connections, cheap enough not to be what is measured.

    python -m tests.bench.senders PORT THREADS FILE

FILE holds a list of calls: ``path``, and for a webhook ``body`` and ``secret``. Prints JSON: ``begin`` and ``end`` on
the machine's monotonic clock, ``answers`` as pairs of seconds and status.
"""

import json
import sys
import threading
import time
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.fakes.banks import sepay_hmac


def headers_of(call: dict[str, Any]) -> dict[str, str]:
    """Signed now, as the shop refuses old signatures."""
    if "body" not in call:
        return {}
    return {"Content-Type": "application/json", **sepay_hmac(call["body"].encode(), call["secret"], datetime.now(UTC))}


def send(port: int, calls: list[dict[str, Any]], answers: list[tuple[float, int]], start: threading.Barrier) -> None:
    """One after the other, over one connection as long as the server keeps it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    start.wait()
    for call in calls:
        headers, body = headers_of(call), call.get("body")
        begin = time.monotonic()
        connection.request("POST" if body else "GET", call["path"], body, headers)
        answer = connection.getresponse()
        answer.read()
        answers.append((time.monotonic() - begin, answer.status))
    connection.close()


def main(port: str, threads: str, file: str) -> None:
    """See the module's docstring."""
    calls, number = json.loads(Path(file).read_text()), int(threads)
    answers: list[tuple[float, int]] = []
    start = threading.Barrier(number + 1)
    work = [threading.Thread(target=send, args=(int(port), calls[n::number], answers, start)) for n in range(number)]
    for thread in work:
        thread.start()
    start.wait()
    begin = time.monotonic()
    for thread in work:
        thread.join()
    print(json.dumps({"begin": begin, "end": time.monotonic(), "answers": answers}))


if __name__ == "__main__":
    main(*sys.argv[1:])
