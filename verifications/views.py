"""The HTTP interface: decode, call a service, encode. No rule lives here."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from . import accounts, captcha, edge, exceptions, openapi, phones, schemas, services, store, tasks
from .gauges import exposition

_MOST_NOTICES = 64 * 1024  # bytes; a thousand phones are some 20 kB


@edge.api("POST")
def codes(request: HttpRequest) -> HttpResponse:
    body = edge.read(request, schemas.SendCode)
    pending = services.send_code(
        body.phone, body.purpose, ip=edge.client_ip(request), captcha=body.captcha
    )
    answer = schemas.PendingCode(
        id=pending.id,
        phone=phones.mask(pending.phone),
        purpose=pending.purpose,
        status=pending.status,
        expires_in=pending.expires_in,
        resend_after=pending.resend_after,
    )
    return edge.answer(answer, status=202)


@edge.api("GET")
def code_status(request: HttpRequest, code_id: str) -> HttpResponse:
    found = services.look_up_code(code_id)
    if found is None:
        return edge.plain_problem(request, 404)
    status, expires_in, resend_after = found
    return edge.answer(schemas.CodeStatus(code_id, status, resend_after, expires_in))


@edge.api("GET")
def challenge(request: HttpRequest) -> HttpResponse:
    return edge.answer(captcha.get().challenge())


@edge.api("POST")
def verify(request: HttpRequest) -> HttpResponse:
    body = edge.read(request, schemas.VerifyCode)
    outcome = services.exchange_code(
        body.phone, body.purpose, body.code, ip=edge.client_ip(request)
    )
    if isinstance(outcome, services.Proof):
        return edge.answer(schemas.Proven(body.purpose, outcome.proof, outcome.expires_in))
    user = _user(outcome.user, outcome.phone)
    return edge.answer(schemas.SignedIn(body.purpose, outcome.token, outcome.created, user))


@edge.api("GET")
def me(request: HttpRequest) -> HttpResponse:
    # `Bearer <token>`, or the bare token: the mall's pages send that.
    token = request.headers.get("Authorization", "").strip().rpartition(" ")[2]
    user = accounts.user_of_token(token)
    if user is None:
        return edge.plain_problem(request, 401)
    return edge.answer(_user(user, accounts.phone_of(user)))


@edge.api("POST")
@edge.service
def notices(request: HttpRequest) -> HttpResponse:
    body = edge.read(request, schemas.SendNotice, _MOST_NOTICES)
    key = edge.idempotency_key(request)
    sent = services.notify(body.to, body.template, body.params, idempotency_key=key)
    messages = [schemas.Notice(one.id, one.phone, one.status, one.code or None) for one in sent]
    return edge.answer(schemas.Notices(messages), status=202)


@edge.api("POST")
@edge.service
def issue_pickup_code(request: HttpRequest) -> HttpResponse:
    body = edge.read(request, schemas.IssuePickupCode)
    return _pickup(services.issue_pickup_code(body.phone, body.order), status=202)


@edge.api("POST")
@edge.service
def redeem_pickup_code(request: HttpRequest) -> HttpResponse:
    body = edge.read(request, schemas.RedeemPickupCode)
    return _pickup(services.redeem_pickup_code(body.code, order=body.order, phone=body.phone))


@edge.api("POST")
@edge.service
def cancel_pickup_code(request: HttpRequest) -> HttpResponse:
    body = edge.read(request, schemas.CancelPickupCode)
    return _pickup(services.cancel_pickup_code(body.order))


def _pickup(pickup: services.Pickup, status: int = 200) -> HttpResponse:
    shown = schemas.Pickup(
        pickup.order, phones.mask(pickup.phone), pickup.expires_at, pickup.redeemed_at
    )
    return edge.answer(shown, status)


def _user(user: AbstractBaseUser, phone: str | None) -> schemas.User:
    key = user.pk if isinstance(user.pk, int) else str(user.pk)
    return schemas.User(key, user.get_username(), phones.mask(phone) if phone else "")


@edge.api("GET")
def openapi_document(request: HttpRequest) -> HttpResponse:
    return JsonResponse(openapi.document())


@edge.api("GET")
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok\n", "text/plain")


@edge.api("GET")
def readyz(request: HttpRequest) -> HttpResponse:
    parts = schemas.Readiness(redis=_redis(), database=_database(), queue=_queue())
    ready = "down" not in (parts.redis, parts.database, parts.queue)
    response = edge.answer(parts, 200 if ready else 503)
    if not ready:
        response.headers["Retry-After"] = "5"
    return response


def _redis() -> str:
    try:
        store.ping()
    except exceptions.Unavailable:
        return "down"
    return "ok"


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def _queue() -> str:
    if not tasks.broker():
        return "inline"
    try:
        tasks.ping()
    except exceptions.Unavailable:
        return "down"
    return "ok"


@edge.api("GET")
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(exposition(), CONTENT_TYPE_LATEST)
