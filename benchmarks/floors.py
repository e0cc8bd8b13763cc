"""What each mode is measured against: a Django view that does the I/O which that mode cannot do
without, and nothing else; on the product's own Redis, tables and queue, as one usually writes it.
"""

from typing import Any

from celery import current_app
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

import dadashop.celery  # noqa: F401  # the queue that current_app publishes to
from verifications.models import Message

from .bare import evalsha, nothing

QUEUE = "floor"  # nobody works it off


def _insert() -> Message:
    now = timezone.now()
    return Message.objects.create(
        phone="+8613800138000",
        kind=Message.Kind.CODE,
        template="reset_password",
        params={"minutes": "5"},
        challenge="0" * 24,
        created_at=now,
        updated_at=now,
        expires_at=now,
        due_at=now,
    )


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    _insert()
    return evalsha(request)


@csrf_exempt
def update(request: HttpRequest) -> HttpResponse:
    """A text is known before it is sent, and so is what became of it before the shopper hears."""
    message = _insert()
    Message.objects.filter(pk=message.pk, status="queued").update(status="sent")
    return evalsha(request)


@csrf_exempt
def publish(request: HttpRequest) -> HttpResponse:
    message = _insert()
    current_app.send_task("verifications.deliver", ([message.pk.hex],), queue=QUEUE)
    return evalsha(request)


_VIEWS: dict[str, Any] = {
    "evalsha": evalsha,
    "insert": insert,
    "update": update,
    "publish": publish,
    "healthz": nothing,
}
urlpatterns = [path(name, view) for name, view in _VIEWS.items()]
