"""Where Stripe tells us what happened: verify, keep, queue, answer."""

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.payment.stripe.client import StripeRefused
from shop.payment.stripe.events import MAX_PAYLOAD, event_store
from shop.payment.stripe.hooks import event_stored


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> JsonResponse:
    """200 as soon as the event and its task are stored together; 400 for anything that is not Stripe's."""
    payload = request.read(MAX_PAYLOAD + 1)
    try:
        with transaction.atomic():
            event = event_store(payload=payload, signature=request.headers.get("Stripe-Signature", ""))
            if event:
                event_stored(event)
    except StripeRefused as refused:
        return JsonResponse({"error": refused.code}, status=refused.status)
    return JsonResponse({"received": True})
