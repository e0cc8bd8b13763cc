"""The shapes of the HTTP interface. The OpenAPI document is made from them."""

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


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    pass


class SendCode(_Body):
    phone: PhoneText
    purpose: Purpose
    captcha: Annotated[
        str, Meta(description="The answer to a captcha, where one was asked for.")
    ] = ""


class VerifyCode(_Body):
    phone: PhoneText
    purpose: Purpose
    code: Annotated[str, Meta(examples=["123456"])]


class PendingCode(msgspec.Struct):
    id: CodeId
    phone: MaskedPhone
    purpose: Purpose
    status: Annotated[str, Meta(description="`sent`, or `unknown` where the platform fell silent.")]
    expires_in: Seconds
    resend_after: Seconds


class CodeStatus(msgspec.Struct):
    id: CodeId
    status: Annotated[str, Meta(description="`sent`, or `unknown` where the platform fell silent.")]
    resend_after: Seconds
    expires_in: Seconds


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
