"""An example of every body and answer of the HTTP interface, for its document.

By operation; the name of an example says when it is so.
"""

from typing import Any

from django.utils.translation import gettext as _

from . import exceptions, pickups, problems
from .exceptions import VerificationError

Named = dict[str, Any]

ID = "0e7f1d36-4c61-4a2b-9d3e-5b8f2a7c9e10"
_PENDING = {
    "id": ID,
    "phone": "138****8000",
    "purpose": "login",
    "status": "sent",
    "expires_in": 300,
    "resend_after": 60,
}
_STATUS = {"id": ID, "status": "delivered", "resend_after": 52, "expires_in": 292}
_USER = {"id": 1, "username": "dada_7c1f0b62d9", "phone": "138****8000"}
_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"  # noqa: S105  # nosec B105  # nobody's
_SIGNED_IN = {"purpose": "login", "token": _TOKEN, "created": False, "user": _USER}
_PICKUP = {
    "order": "D1001",
    "phone": "138****8000",
    "expires_at": "2026-11-30T12:00:00Z",
    "redeemed_at": None,
}
_PICKED_UP = {**_PICKUP, "redeemed_at": "2026-11-24T09:30:00Z"}
_SHIPPED = {"order": "D1001", "company": "顺丰", "number": "SF1"}
_QUEUED = {"id": ID, "phone": "+8613800138000", "status": "queued"}
_REFUSED = {"id": None, "phone": "1", "status": "failed", "code": "invalid_phone"}
_CHALLENGE = {
    "parameters": {
        "algorithm": "PBKDF2/SHA-256",
        "nonce": "5c6e0f21b7a94d5e8f3a1c2b4d6e8f90",
        "salt": "9a8b7c6d5e4f30211203f4e5d6c7b8a9",
        "cost": 2000,
        "keyLength": 32,
        "keyPrefix": "4f1d2c3b4a5968778695a4b3c2d1e0f0",
        "expiresAt": 1795348800,
    },
    "signature": "0" * 64,
}

BODIES: dict[str, Named] = {
    "sendCode": {
        "login": {"phone": "13800138000", "purpose": "login"},
        "after captcha_required": {
            "phone": "13800138000",
            "purpose": "login",
            "captcha": "eyJjaGFsbGVuZ2UiOnt9LCJzb2x1dGlvbiI6e319",
        },
    },
    "verifyCode": {"login": {"phone": "13800138000", "purpose": "login", "code": "123456"}},
    "sendNotices": {"shipped": {"template": "shipped", "to": ["13800138000"], "params": _SHIPPED}},
    "issuePickupCode": {"an order": {"phone": "13800138000", "order": "D1001"}},
    "redeemPickupCode": {
        "by order": {"code": "123456", "order": "D1001"},
        "by phone": {"code": "123456", "phone": "13800138000"},
    },
    "cancelPickupCode": {"an order": {"order": "D1001"}},
}

ANSWERS: dict[str, dict[int, Named]] = {
    "sendCode": {
        202: {
            "sent": _PENDING,
            "workers send": {**_PENDING, "status": "queued"},
            "the platform fell silent": {**_PENDING, "status": "unknown"},
        }
    },
    "getCode": {
        200: {
            "delivered": _STATUS,
            "undelivered": {**_STATUS, "status": "undelivered"},
            "used": {**_STATUS, "expires_in": 0},
        }
    },
    "getChallenge": {200: {"ALTCHA": _CHALLENGE}},
    "verifyCode": {
        200: {
            "login": {"verified": True, **_SIGNED_IN},
            "register": {"verified": True, **_SIGNED_IN, "purpose": "register", "created": True},
            "reset_password": {
                "verified": True,
                "purpose": "reset_password",
                "proof": "cHJvb2Y.c2VhbGVk",
                "expires_in": 600,
            },
        }
    },
    "getMe": {200: {"logged in": _USER}},
    "sendNotices": {
        202: {
            "all": {"messages": [_QUEUED]},
            "one is refused": {"messages": [_QUEUED, _REFUSED]},
        }
    },
    "issuePickupCode": {202: {"texted": _PICKUP}},
    "redeemPickupCode": {200: {"handed over": _PICKED_UP}},
    "cancelPickupCode": {200: {"cancelled": _PICKUP}},
    "getReadiness": {
        200: {"ready": {"redis": "ok", "database": "ok", "queue": "inline"}},
        503: {"Redis is gone": {"redis": "down", "database": "ok", "queue": "ok"}},
    },
    "getHealth": {200: {"alive": "ok\n"}},
    "getMetrics": {200: {"a counter": 'verifications_codes_total{outcome="sent"} 1.0\n'}},
}


# What a platform pushes of a text that arrived, and what it wants to read then.
PUSHES: dict[str, Named] = {
    "application/json": {
        "cloopen": {
            "Request": {
                "action": "SMSArrived",
                "smsType": "1",
                "content": "9f3c8a",
                "fromNum": "13800138000",
                "deliverCode": "DELIVRD",
                "recvTime": "20261122120003",
                "status": "0",
            }
        },
        "aliyun": [{"phone_number": "13800138000", "success": True, "biz_id": "9f3c8a"}],
        "tencent": [{"mobile": "13800138000", "report_status": "SUCCESS", "sid": "9f3c8a"}],
        "baidu": {"code": "0", "messageId": "9f3c8a", "mobile": "13800138000"},
    },
    "application/xml": {
        "cloopen": "<Request><action>SMSArrived</action><smsType>1</smsType>"
        "<content>9f3c8a</content><fromNum>13800138000</fromNum><status>0</status></Request>"
    },
}
ACKNOWLEDGEMENTS: dict[str, Named] = {
    "application/json": {
        "cloopen": {"statusCode": "000000"},
        "aliyun": {"code": 0, "msg": "接收成功"},
        "tencent": {"result": 0, "errmsg": "OK"},
        "baidu": {},
    },
    "application/xml": {"cloopen": "<Response><statusCode>000000</statusCode></Response>"},
}


def refusal(code: str, operation_id: str = "") -> dict[str, Any]:
    """The members of a problem, in the active language."""
    for status, plain in problems.PLAIN.items():
        if plain == code:
            return problems.plain(status)
    return problems.of(_sample(code, operation_id))


def _sample(code: str, operation_id: str) -> VerificationError:
    errors = [{"field": "phone", "message": _("缺少这个字段。")}]
    samples: list[VerificationError] = [
        exceptions.InvalidRequest(errors),
        exceptions.CodeIncorrect(4),
        exceptions.TooManyAttempts(retry_after=1200),
        exceptions.Cooldown(retry_after=37),
        exceptions.RateLimited("phone", 1800),
    ]
    if "PickupCode" in operation_id:
        samples = [
            exceptions.InvalidRequest([{"field": "order", "message": _("该订单已提货。")}]),
            pickups.WrongPickupCode(4),
            pickups.NoPickupCode(),
            pickups.TooManyPickupGuesses(retry_after=1200),
            pickups.PickupCooldown(retry_after=37),
        ]
    made = {sample.code: sample for sample in samples}
    (kind,) = (one for one in VerificationError.__subclasses__() if one.code == code)
    return made.get(code) or kind()
