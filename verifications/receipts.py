"""The webhook edge: `POST /v1/receipts/<provider>/<secret>`, where platforms push status reports.

The secret in the path is what most platforms are known by, as only 百度云 signs what it pushes.
"""

import hmac
import logging

from django.http import HttpRequest, HttpResponse

from . import arrivals, conf, edge, metrics, providers, wsgi
from .database import reachable
from .exceptions import InvalidRequest
from .providers import BadPush, Push

logger = logging.getLogger(__name__)

_MAX_BODY = 256 * 1024  # bytes; a hundred reports are some 40 kB


@edge.api("POST")
def receive(request: HttpRequest, provider: str, secret: str) -> HttpResponse:
    secret = request.META.get(wsgi.RECEIPT_SECRET, secret)
    # Whatever fails from here on, Django logs the path of the request.
    request.path = request.path_info = request.path.replace(secret, "…")
    known = providers.build(provider)
    if known is None or not _is_ours(secret):
        return edge.plain_problem(request, 404)
    push = Push(request.headers, edge.raw_body(request, _MAX_BODY))
    try:
        receipts = known.read_receipts(push)
    except BadPush as error:
        metrics.RECEIPTS.labels(known.name, "refused").inc()
        logger.warning("%s: a push is refused: %s", known.name, error)
        raise InvalidRequest([{"field": "", "message": str(error)}]) from None
    with reachable():
        arrivals.apply(known.name, receipts)
    content_type, body = known.acknowledge(push)
    return HttpResponse(body, content_type)


def _is_ours(secret: str) -> bool:
    shown, ours = secret.encode(), conf.get().receipt_secret
    return sum(hmac.compare_digest(shown, one.encode()) for one in ours) > 0  # all are looked at
