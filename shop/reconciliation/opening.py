"""A new seller in one transaction: the approved application, and the account that its buyers will pay to."""

from django.db import transaction

from shop.cooperatives.models import Cooperative
from shop.onboarding.decisions import application_approve
from shop.onboarding.models import Application
from shop.payment.vietqr.services import account_open


@transaction.atomic
def cooperative_open(*, application: Application, by: str) -> Cooperative:
    """Approve the application and open its bank account; a second call gives the same cooperative.

    Raises what ``application_approve`` raises; nothing is written then.
    """
    cooperative = application_approve(application=application, by=by)
    opened = Application.objects.get(pk=application.pk)
    account_open(
        cooperative=cooperative,
        bin=opened.bank_bin,
        number=opened.bank_number,
        holder=opened.bank_holder,
        by=by,
    )
    return cooperative
