"""Oscar's shipping events beside the consignment's own history: operators read them in Oscar's dashboard."""

from typing import Any

from oscar.core.loading import get_class, get_model

from shop.fulfilment.models import Consignment

ShippingEvent = get_model("order", "ShippingEvent")
ShippingEventQuantity = get_model("order", "ShippingEventQuantity")
ShippingEventType = get_model("order", "ShippingEventType")
EventHandler = get_class("order.processing", "EventHandler")

#: Codes are the consignment's states.
NAMES = {"packed": "Packed", "handed_over": "Handed over", "delivered": "Delivered", "returned": "Returned"}


def shipping_event_add(consignment: Consignment, code: str, reference: str = "") -> Any:
    """Oscar's event over everything that is in the parcel."""
    kind, _created = ShippingEventType.objects.get_or_create(code=code, defaults={"name": NAMES[code]})
    lines = [line for line in consignment.order.lines.all() if line.quantity]
    quantities = [line.quantity for line in lines]
    return EventHandler().handle_shipping_event(consignment.order, kind, lines, quantities, reference=reference[:200])


def shipping_event_drop(consignment: Consignment, code: str) -> None:
    """The step was taken back: Oscar counts a unit once for each kind of event."""
    ShippingEvent.objects.filter(order=consignment.order, event_type__code=code).delete()


def shipping_quantity_lower(line: Any) -> None:
    """A packed line has become smaller; nothing of one that is gone."""
    events = ShippingEventQuantity.objects.filter(line=line)
    if line.quantity:
        events.update(quantity=line.quantity)
    else:
        events.delete()
