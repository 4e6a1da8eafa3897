"""The shopper's pages as forms and answers: what a browser would send back."""

from html import unescape
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from shop.basket.models import Basket


def basket_cookie(basket: Basket) -> SimpleCookie:
    """The cookie of the guest who owns this basket."""
    return SimpleCookie({settings.OSCAR_BASKET_COOKIE_OPEN: Signer().sign(basket.pk)})


def guest(client: Client, basket: Basket) -> Client:
    """The client as the owner of a guest's basket."""
    client.cookies = basket_cookie(basket)
    return client


def checkout_form(client: Client, **changes: Any) -> dict[str, Any]:
    """What the checkout page would post once a guest in Mỹ Tho has filled it in and pressed the button.

    Fees depend on the commune, so the sum is taken from the page's own preview of the filled-in form.
    """
    url = reverse("checkout:index")
    context = client.get(url).context
    data = {
        "basket": context["basket_token"],
        "shown_total": str(context["cart"].total),
        "phone": "0901 234 567",
        "name": "Chị Thảo",
        "province": "82",
        "ward": "28261",
        "street": "18 Trưng Trắc",
        "note": "",
        "email": "",
        "order": "1",
    }
    chosen = {key: value for key, value in changes.items() if key != "shown_total"}
    preview = client.post(url, {**data, **chosen}, headers={"X-Requested-With": "preview"})
    if preview.status_code == 200 and preview.context:
        data["shown_total"] = str(preview.context["cart"].total)
    return {**data, **changes}


def page_text(response: Any) -> str:
    """The page's HTML with its entities resolved."""
    return unescape(response.content.decode())


def said(msgid: str, language: str) -> str:
    """What a person reads in that language; a sentence without a Vietnamese translation fails the test."""
    with override(language):
        text = gettext(msgid)
    assert language == "en" or text != msgid, f"no Vietnamese for: {msgid}"
    return text
