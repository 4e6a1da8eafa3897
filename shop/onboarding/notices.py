"""What applicants and owners are told about decisions, once each, in Vietnamese."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from shop.cooperatives.models import Cooperative, Membership
from shop.core import phone as phones
from shop.core.lang import shop_name
from shop.messaging.services import message_send
from shop.onboarding.models import Application


def decision_notice(application: Application) -> None:
    """Tell the applicant what was decided; once for each time that the application was sent."""
    with override("vi"):
        body = decision_text(application)
    for contact in contacts_of(application):
        key = f"application-{application.pk}-{application.state}-{application.sends}-{contact}"
        message_send(kind="application", to=contact, body=body, key=key[:120])


def decision_text(application: Application) -> str:
    texts = {
        "returned": gettext("%(shop)s: your application for %(name)s needs a few changes. See what: %(url)s"),
        "refused": gettext(
            "%(shop)s: your application for %(name)s was refused. Read why: %(url)s Questions: %(help)s"
        ),
        "approved": gettext(
            "%(shop)s: %(name)s is accepted. Next step: %(url)s The stall opens once your identity is verified."
        ),
    }
    return texts[application.state] % words(application.name)


def stall_notice(cooperative: Cooperative, step: str, reason: str = "") -> None:
    """Tell the owners that the stall was opened or closed."""
    with override("vi"):
        texts = {
            "published": gettext("%(shop)s: the stall of %(name)s is open. Buyers see your goods: %(url)s"),
            "unpublished": gettext("%(shop)s: the stall of %(name)s is closed. Why: %(reason)s Questions: %(help)s"),
        }
        body = texts[step] % (words(cooperative.name) | {"reason": reason})
    moment = timezone.now().isoformat(timespec="seconds")
    owners = Membership.objects.filter(cooperative=cooperative, role=Membership.Role.OWNER).select_related("user")
    for contact in sorted({row.user.phone or row.user.email for row in owners} - {None, ""}):
        key = f"stall-{cooperative.pk}-{step}-{moment}-{contact}"
        message_send(kind="stall", to=contact, body=body, key=key[:120])


def contacts_of(application: Application) -> list[str]:
    """The applicant's own number or address, and the one given in the application."""
    user = application.applicant
    found = {(user.phone or user.email) if user else "", application.phone}
    return sorted(contact for contact in found if contact)


def words(name: str) -> dict[str, str]:
    url = f"{settings.SITE_URL}{reverse('seller:application')}"
    return {"shop": shop_name(), "name": name, "url": url, "help": phones.display(settings.SUPPORT_PHONE)}
