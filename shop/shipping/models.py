from oscar.apps.shipping.models import *  # noqa: F403  Oscar's way to complete a fork
