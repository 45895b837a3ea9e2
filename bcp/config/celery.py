"""The Celery application (celery -A bcp.config.celery worker)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bcp.config.settings")
app = Celery("bcp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["bcp"])
