"""The shapes of the HTTP interface. The OpenAPI document is made from them."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

PhoneText = Annotated[
    str,
    Meta(
        description="A mobile number: 13800138000, +86…, 86… or 0086…, spaces and dashes too.",
        examples=["13800138000"],
    ),
]
Purpose = Annotated[
    str,
    Meta(
        description="login, register, reset_password, change_phone or pickup.", examples=["login"]
    ),
]
MaskedPhone = Annotated[str, Meta(examples=["138****8000"])]
Seconds = Annotated[int, Meta(ge=0)]
CodeId = Annotated[str, Meta(description="Opaque.")]
_STATUS = (
    "Of the text: `queued`, `sent`, `delivered`, `undelivered`, `failed`, `expired`, or `unknown` "
    "where the platform fell silent."
)


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    pass


class SendCode(_Body):
    phone: PhoneText
    purpose: Purpose
    captcha: Annotated[
        str,
        Meta(
            description="The answer to a challenge of /v1/verifications/captcha, after a "
            "`captcha_required`. Each is good for one text."
        ),
    ] = ""


class VerifyCode(_Body):
    phone: PhoneText
    purpose: Purpose
    code: Annotated[str, Meta(examples=["123456"])]


class PendingCode(msgspec.Struct):
    id: CodeId
    phone: MaskedPhone
    purpose: Purpose
    status: Annotated[str, Meta(description=_STATUS)]
    expires_in: Seconds
    resend_after: Seconds


class CodeStatus(msgspec.Struct):
    id: CodeId
    status: Annotated[str, Meta(description=_STATUS)]
    resend_after: Seconds
    expires_in: Seconds


class SendNotice(_Body):
    template: Annotated[str, Meta(examples=["shipped"])]
    to: Annotated[list[PhoneText], Meta(min_length=1, max_length=1000, examples=[["13800138000"]])]
    params: Annotated[
        dict[str, str],
        Meta(
            description="The template's places, by name.",
            examples=[{"order": "D1001", "company": "顺丰", "number": "SF1"}],
        ),
    ]


class Notice(msgspec.Struct, omit_defaults=True):
    id: Annotated[str | None, Meta(description="Null for a phone that is refused.")]
    phone: Annotated[
        str,
        Meta(
            description="E.164; as it was given where it is refused.", examples=["+8613800138000"]
        ),
    ]
    status: Annotated[str, Meta(description="`queued`, or `failed` for a phone that is refused.")]
    # For a phone that is refused alone.
    code: Annotated[str, Meta(description="`invalid_phone` or `country_not_allowed`.")] | None = (
        None
    )


class Notices(msgspec.Struct):
    messages: list[Notice]


class IssuePickupCode(_Body):
    phone: PhoneText
    order: Annotated[str, Meta(min_length=1, max_length=64, examples=["D1001"])]


class RedeemPickupCode(_Body):
    """With either `order` or `phone`."""

    code: Annotated[str, Meta(examples=["123456"])]
    order: Annotated[str, Meta(examples=["D1001"])] | None = None
    phone: PhoneText | None = None


class CancelPickupCode(_Body):
    order: Annotated[str, Meta(examples=["D1001"])]


class Pickup(msgspec.Struct):
    order: str
    phone: MaskedPhone
    expires_at: datetime
    redeemed_at: datetime | None


class User(msgspec.Struct):
    id: int | str
    username: str
    phone: MaskedPhone


class SignedIn(msgspec.Struct):
    purpose: Purpose
    token: Annotated[str, Meta(description="A JWT for `Authorization: Bearer`.")]
    created: Annotated[bool, Meta(description="Whether the account was made just now.")]
    user: User
    verified: bool = True


class Proven(msgspec.Struct):
    purpose: Purpose
    proof: Annotated[str, Meta(description="Single use, bound to phone and purpose.")]
    expires_in: Seconds
    verified: bool = True


class FieldError(msgspec.Struct):
    field: str
    message: str


class Problem(msgspec.Struct, omit_defaults=True):
    """RFC 9457, as application/problem+json."""

    type: str
    title: str
    status: int
    detail: Annotated[str, Meta(description="What a shopper may read.")]
    code: str
    retry_after: Seconds | None = None
    limit: Annotated[str, Meta(description="phone, ip, prefix or global")] | None = None
    attempts_left: Annotated[int, Meta(ge=0)] | None = None
    errors: list[FieldError] | None = None


class Readiness(msgspec.Struct):
    redis: str
    database: str
    queue: str


for _shape in _Body.__subclasses__():
    msgspec.json.Decoder(_shape)  # conf.py says why
