"""Ways out of the shop: each module has ``send(message)``, which returns when the message has left.

* It raises when the message has not left: it is sent again later.
* It raises DeliveryUnknown when it cannot tell (no answer after the request went out): nobody sends it again by itself.
* ``IDEMPOTENT = True`` says that ``message.key`` goes along as the client's reference and that the other side drops a
  repetition: then a message whose worker was killed is simply sent again.
"""


class DeliveryUnknown(Exception):
    """The message may have left, or not."""
