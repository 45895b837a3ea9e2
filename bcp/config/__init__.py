"""How the application is put together: settings, addresses, server and worker entry points."""

from bcp.config.celery import app as celery_app

__all__ = ["celery_app"]
