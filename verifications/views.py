"""The HTTP interface: decode, call a service, encode. No rule lives here."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from . import accounts, edge, exceptions, openapi, phones, schemas, services, store
from .metrics import exposition


@edge.api("POST")
def codes(request: HttpRequest) -> HttpResponse:
    body = edge.read(request, schemas.SendCode)
    pending = services.send_code(body.phone, body.purpose, ip=edge.client_ip(request))
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


@edge.api("POST")
def verify(request: HttpRequest) -> HttpResponse:
    body = edge.read(request, schemas.VerifyCode)
    outcome = services.exchange_code(body.phone, body.purpose, body.code)
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
    parts = schemas.Readiness(redis=_redis(), database=_database(), queue="inline")
    ready = parts.redis == parts.database == "ok"
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


@edge.api("GET")
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(exposition(), CONTENT_TYPE_LATEST)
