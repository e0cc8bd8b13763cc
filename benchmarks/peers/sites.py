"""What is measured: how each takes a send and a code, and its tables before a run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..load import request_bytes
from .phones import Shopper

Known = Mapping[str, str]  # what a shopper has learnt by the text and by the answer of the send


@dataclass(frozen=True)
class Site:
    """`truncate` are its tables, those that hang on them included. Of each row of `phones` (n,
    phone), `users` makes an account and `past` all that it leaves of an earlier shopper.
    `against` is the purpose of ours that ends in what its right code does."""

    name: str
    send: Callable[[Shopper], bytes]
    sent: int  # the status of a send that went well
    verify: Callable[[Shopper, Known], bytes]
    truncate: str
    past: tuple[str, ...]
    users: str = ""
    against: str = "login"


def _post(path: str, body: dict[str, str], address: str, **headers: str) -> bytes:
    return request_bytes("POST", path, body, {"X-Forwarded-For": address, **headers})


_DRF = Site(
    name="drfpasswordless",
    send=lambda shopper: _post("/auth/mobile/", {"mobile": shopper.phone}, shopper.address),
    sent=200,
    verify=lambda shopper, known: _post(
        "/auth/token/", {"mobile": shopper.phone, "token": known["token"]}, shopper.address
    ),
    truncate="drfpasswordless_site_user",
    past=(
        (
            "INSERT INTO drfpasswordless_site_user (password, mobile, is_active)"
            " SELECT '!' || md5(phone), phone, true FROM phones"
        ),
        (
            "INSERT INTO drfpasswordless_callbacktoken"
            " (id, created_at, is_active, to_alias, to_alias_type, key, type, user_id)"
            " SELECT gen_random_uuid(), now() - interval '1 hour', false, mobile, 'MOBILE',"
            " lpad((random() * 999999)::int::text, 6, '0'), 'AUTH', id"
            " FROM drfpasswordless_site_user"
        ),
        (
            "INSERT INTO authtoken_token (key, created, user_id)"
            " SELECT md5(mobile) || substr(md5(id::text), 1, 8), now(), id"
            " FROM drfpasswordless_site_user"
        ),
    ),
)

_PHONE_VERIFY = Site(
    name="phone_verify",
    send=lambda shopper: _post("/phone/register", {"phone_number": shopper.phone}, shopper.address),
    sent=200,
    verify=lambda shopper, known: _post(
        "/phone/verify", {"phone_number": shopper.phone, **known}, shopper.address
    ),
    truncate="sms_verification",
    past=(
        (
            "INSERT INTO sms_verification (id, created_at, modified_at, security_code,"
            " phone_number, session_token, is_verified, failed_attempts)"
            " SELECT gen_random_uuid(), now() - interval '1 hour', now() - interval '1 hour',"
            " lpad((random() * 999999)::int::text, 6, '0'), phone,"
            " repeat(md5(phone), 5), true, 0 FROM phones"  # a JWT's length
        ),
    ),
    against="reset_password",  # no user in it: the phone is verified, and that is all
)

_ALLAUTH_USERS = (
    "INSERT INTO allauth_site_user (password, is_superuser, username, first_name, last_name, email,"
    " is_staff, is_active, date_joined, phone, phone_verified)"
    " SELECT '!' || md5(phone), false, phone, '', '', '', false, true, now(), phone, true"
    " FROM phones"
)
_ALLAUTH = Site(
    name="allauth",
    send=lambda shopper: _post(
        "/_allauth/app/v1/auth/code/request", {"phone": shopper.phone}, shopper.of_their_own
    ),
    sent=401,  # its word for "now show the code"
    verify=lambda shopper, known: _post(
        "/_allauth/app/v1/auth/code/confirm",
        {"code": known["code"]},
        shopper.of_their_own,
        **{"X-Session-Token": known["session_token"]},
    ),
    truncate="allauth_site_user, django_session",
    users=_ALLAUTH_USERS,
    past=(
        _ALLAUTH_USERS,
        (
            "INSERT INTO django_session (session_key, session_data, expire_date)"
            " SELECT md5(phone), repeat(md5(phone), 12), now() + interval '13 days' FROM phones"
        ),
    ),
)

PEERS = (_DRF, _PHONE_VERIFY, _ALLAUTH)

OUR_USERS = (
    "WITH made AS (INSERT INTO auth_user (password, is_superuser, username, first_name, last_name,"
    " email, is_staff, is_active, date_joined)"
    " SELECT '!' || md5(phone), false, phone, '', '', '', false, true, now() FROM phones"
    " RETURNING id, username)"
    " INSERT INTO verifications_verifiedphone (user_id, phone, verified_at)"
    " SELECT id, username, now() FROM made"
)


def ours(purpose: str) -> Site:
    return Site(
        name="ours",
        send=lambda shopper: _post(
            "/v1/verifications/codes", {"phone": shopper.phone, "purpose": purpose}, shopper.address
        ),
        sent=202,
        verify=lambda shopper, known: _post(
            "/v1/verifications/verify",
            {"phone": shopper.phone, "purpose": purpose, **known},
            shopper.address,
        ),
        truncate="verifications_message, auth_user",
        users=OUR_USERS,
        past=(),  # Redis has a part of it (past.py)
    )
