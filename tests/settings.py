"""The shop's settings, with what tests must not depend on pinned down. TEST_DATABASE_URL chooses the database."""

import os
from pathlib import Path

from tools.common import documented_variables

TOP = Path(__file__).resolve().parent.parent

# A developer's own variables must not change what the tests see: every documented one starts from its default.
for name in documented_variables() - {"TEST_DATABASE_URL", "CHROMIUM", "PG_BIN"}:
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["SQLITE_SYNCHRONOUS"] = "OFF"
os.environ["STATIC_ROOT"] = str(TOP / ".test-cache" / "no-static")
os.environ["MEDIA_ROOT"] = str(TOP / ".test-cache" / "media")
os.environ["PRIVATE_ROOT"] = str(TOP / ".test-cache" / "private")
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{TOP / '.test-cache' / 'empty.sqlite3'}"

from shop.settings import *  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOGGING = {**LOGGING, "root": {**LOGGING["root"], "level": "WARNING"}}
