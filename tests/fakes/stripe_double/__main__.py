"""Run the stand-in for a demonstration: ``python -m tests.fakes.stripe_double --port 8900 --webhook URL``.

The shop needs STRIPE_API_BASE, STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET as printed. Ends with Ctrl-C.
"""

import argparse
import signal
import threading

from tests.fakes.stripe_double import API_KEY, StripeDouble

RETRIES = (1, 5, 15, 30, 60, 120)
SECRET = "whsec_demonstration"


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="stripe_double", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="where to listen")
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--public-url", default="", help="the address that buyers' browsers use, when it is another")
    parser.add_argument("--webhook", default="", help="where news go: the shop's /webhooks/stripe/")
    parser.add_argument("--secret", default=SECRET, help="what news are signed with")
    chosen = parser.parse_args()
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    with StripeDouble(
        chosen.webhook,
        host=chosen.host,
        port=chosen.port,
        public_url=chosen.public_url,
        webhook_secret=chosen.secret,
        retries=RETRIES,
    ) as double:
        print(f"STRIPE_API_BASE={double.url}", flush=True)
        print(f"STRIPE_SECRET_KEY={API_KEY}", flush=True)
        print(f"STRIPE_WEBHOOK_SECRET={double.webhook_secret}", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
