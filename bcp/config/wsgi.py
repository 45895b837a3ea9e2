"""Entry point for a WSGI server (gunicorn bcp.config.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bcp.config.settings")
application = get_wsgi_application()
