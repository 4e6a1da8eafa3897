from oscar.apps.payment.models import *  # noqa: F403  Oscar's way to complete a fork
