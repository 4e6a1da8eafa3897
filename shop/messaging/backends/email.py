"""Send through Django's e-mail backend."""

from django.conf import settings
from django.core.mail import send_mail

from shop.messaging.models import Message


def send(message: Message) -> None:
    """The first line is the subject."""
    subject, _, body = message.body.partition("\n")
    send_mail(subject, body or subject, settings.DEFAULT_FROM_EMAIL, [message.to])
