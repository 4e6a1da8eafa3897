"""Entry point for the web server."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
# Threads wait for the interpreter after every query: with Python's 5 ms, ten queries wait longer than they work.
sys.setswitchinterval(0.0005)
application = get_wsgi_application()
