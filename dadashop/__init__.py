from dadashop.celery import app as celery_app  # so that shared tasks find their broker

__all__ = ["celery_app"]
