"""What each service that reports on an account is, and how it is connected, in words for somebody on a phone."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FeedText:
    """``what``: two sentences. ``steps`` in order; ``site`` is where the cooperative opens its account.

    ``needs``: credentials of which one must be there before a call can be believed.
    """

    what: Any
    site: str
    steps: tuple[Any, ...]
    needs: tuple[str, ...]


TEXTS = {
    "sepay": FeedText(
        what=_(
            "SePay reads the movements of your own bank account and tells the market about each one within seconds. "
            "It never holds your money."
        ),
        site="my.sepay.vn",
        steps=(
            _("Sign in at my.sepay.vn and connect the cooperative's bank account there."),
            _("There, under Webhooks, add a webhook for money that comes in, and paste the address below."),
            _("Choose HMAC-SHA256 as authentication, copy the signing secret and paste it below."),
            _("Does your bank need a virtual account at SePay? Write its number below as well."),
        ),
        needs=("hmac_secret", "api_key"),
    ),
    "payos": FeedText(
        what=_(
            "payOS gives you a virtual account number in front of your own bank account and tells the market when "
            "somebody pays to it. The money still arrives in your own account."
        ),
        site="my.payos.vn",
        steps=(
            _("Sign in at my.payos.vn and open a payment channel with the cooperative's bank account."),
            _("Copy Client ID, API Key and Checksum Key of the channel and paste them below."),
            _("Then paste the address below as the webhook of the channel: payOS tries it at once."),
            _("Write the virtual account number of the channel below."),
        ),
        needs=("checksum_key",),
    ),
    "casso": FeedText(
        what=_(
            "Casso reads the movements of your own bank account and tells the market about each one within minutes. "
            "It never holds your money."
        ),
        site="casso.vn",
        steps=(
            _("Sign in at casso.vn and connect the cooperative's bank account there."),
            _("Under Integrations add a Webhook V2 and paste the address below."),
            _("Copy its security key and paste it below as checksum key."),
        ),
        needs=("checksum_key", "secure_token"),
    ),
}
