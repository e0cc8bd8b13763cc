"""The Celery application: `celery -A dadashop worker -Q codes`, `-Q notices`, and `beat`."""

import os
from typing import Any

from celery import Celery, signals
from django.conf import settings
from kombu.transport import redis, virtual
from prometheus_client import start_http_server

from dadashop.environment import told_plainly

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dadashop.settings")


class QoS(redis.QoS):
    """kombu 5.7 keeps counting a task whose acknowledgement meets a connection that is gone: a
    worker that was busy while its Redis restarted would take no task any more."""

    def ack(self, delivery_tag: Any) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


redis.Channel.QoS = QoS

app = Celery("dadashop")


@app.on_configure.connect
def _read_settings(**_: Any) -> None:
    with told_plainly():
        bool(settings.INSTALLED_APPS)


@signals.setup_logging.connect
def _log_as_django_does(**_: Any) -> None:
    """That somebody hears this keeps Celery from setting up lines of its own, without our INFO."""


@signals.worker_init.connect
def _serve_metrics(**_: Any) -> None:
    from verifications import metrics  # reads settings, in whose making this module is imported

    if settings.WORKER_METRICS_PORT:
        start_http_server(settings.WORKER_METRICS_PORT, registry=metrics.registry())


app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
