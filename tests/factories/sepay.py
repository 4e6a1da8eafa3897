"""One call of SePay's webhook, for tests that cannot use the ORM."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count

from tests.fakes.banks import sepay_hmac

numbers = count(1)


class SePayNews:
    """An incoming transfer: ``body`` to post, ``headers(secret)`` to post it with."""

    def __init__(self, *, account: str, memo: str, amount: int):
        now = datetime.now(UTC)
        self.body = json.dumps(
            {
                "id": int(now.timestamp() * 1000) * 1000 + next(numbers),
                "gateway": "Agribank",
                "transactionDate": (now + timedelta(hours=7)).strftime("%Y-%m-%d %H:%M:%S"),
                "accountNumber": account,
                "code": None,
                "content": memo,
                "transferType": "in",
                "transferAmount": amount,
                "accumulated": 0,
                "subAccount": None,
                "referenceCode": f"FT{next(numbers):012d}",
                "description": "",
            }
        ).encode()

    def headers(self, secret: str) -> dict[str, str]:
        """Signed now."""
        return {"Content-Type": "application/json", **sepay_hmac(self.body, secret, datetime.now(UTC))}
