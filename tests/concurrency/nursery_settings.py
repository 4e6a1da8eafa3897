"""The settings of the processes that are killed: text messages go to a file, connections live as long as in the shop.

NURSERY_MESSAGES names the file, NURSERY_SMS the module that writes it.
"""

import os

from tests.settings import *  # noqa: F403

DATABASES["default"]["CONN_MAX_AGE"] = 60  # noqa: F405
MESSAGE_BACKENDS = {**MESSAGE_BACKENDS, "sms": os.environ["NURSERY_SMS"]}  # noqa: F405
MESSAGE_FILE = os.environ["NURSERY_MESSAGES"]
