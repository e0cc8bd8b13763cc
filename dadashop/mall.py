"""The 达达商城 pages' own interface, already deployed: /v1/users and /v1/tokens/sms.

The pages are jQuery from another origin. They post a JSON string under whatever content type,
read only 2xx answers, and find the outcome in `code`; so these views always answer 200. They are
also the worked example of how another Django view uses verifications.services.
"""

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import MinimumLengthValidator, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from verifications import edge, services
from verifications.exceptions import CaptchaRequired, InvalidRequest, VerificationError

logger = logging.getLogger(__name__)

# What the pages read in `code`; 200 is success. docs/api.md shows the same table.
NUMBERS = {
    "invalid_request": 10100,
    "invalid_phone": 10101,
    "country_not_allowed": 10102,
    "unknown_purpose": 10103,
    "code_incorrect": 10104,
    "code_expired": 10105,
    "too_many_attempts": 10106,
    "cooldown": 10107,
    "rate_limited": 10108,
    "captcha_required": 10109,
    "captcha_invalid": 10110,
    "phone_blocked": 10111,
    "already_registered": 10112,
    "not_registered": 10113,
    "delivery_failed": 10114,
    "unavailable": 10115,
}
INTERNAL_ERROR = 10199
# The deployed page lets a shopper choose six characters, and cannot be changed.
_PASSWORD_RULES = [MinimumLengthValidator(6)]
_LONGEST_PASSWORD = 128  # characters: hashing is slow on purpose

Fields = dict[str, Any]
Handler = Callable[[HttpRequest, Fields], Fields]


def _mall_view(handler: Handler) -> Callable[[HttpRequest], JsonResponse]:
    @edge.past_middleware
    @functools.wraps(handler)
    def view(request: HttpRequest) -> JsonResponse:
        try:
            return JsonResponse({"code": 200, **handler(request, edge.read_object(request))})
        except InvalidRequest as refusal:
            words = [error["message"] for error in refusal.extras["errors"] if error["field"]]
            return _refused("invalid_request", words[0] if words else refusal.message)
        except CaptchaRequired as refusal:  # which these pages have no way to solve
            message = _("当前网络获取验证码的人较多，请过几分钟再试，或到新版登录页获取。")
            return _refused(refusal.code, message)
        except VerificationError as refusal:
            return _refused(refusal.code, refusal.message, refusal.retry_after)
        except Exception as error:
            logger.error("unexpected %s in %s", type(error).__name__, handler.__name__)
            return JsonResponse(
                {"code": INTERNAL_ERROR, "error": {"message": _("服务出错了，请稍后重试。")}}
            )

    view.refusal_of_strangers = _refuse_stranger  # type: ignore[attr-defined]
    return view


def _refuse_stranger(request: HttpRequest) -> JsonResponse:
    """Of another site's page, as the middleware recognises it."""
    return _refused("invalid_request", _("不接受来自其他网站的请求，请在本站页面操作。"))


def _refused(code: str, message: str, retry_after: int | None = None) -> JsonResponse:
    error: Fields = {"message": message}
    if retry_after is not None:
        error["retry_after"] = retry_after
    return JsonResponse({"code": NUMBERS[code], "error": error})


@_mall_view
def send_code(request: HttpRequest, fields: Fields) -> Fields:
    pending = services.send_code(
        _text(fields, "phone", _("请输入手机号。")),
        str(fields.get("purpose") or "register"),
        ip=edge.client_ip(request),
        captcha=str(fields.get("captcha") or ""),
    )
    return {"data": {"resend_after": pending.resend_after, "expires_in": pending.expires_in}}


@_mall_view
def register(request: HttpRequest, fields: Fields) -> Fields:
    signed_in = services.register(
        _text(fields, "phone", _("请输入手机号。")),
        _text(fields, "verify", _("请输入短信验证码。")),
        ip=edge.client_ip(request),
        **_new_user(fields),
    )
    return {"username": signed_in.user.get_username(), "token": signed_in.token, "carts_count": 0}


@_mall_view
def log_in(request: HttpRequest, fields: Fields) -> Fields:
    signed_in = services.log_in(
        _text(fields, "phone", _("请输入手机号。")),
        _text(fields, "verify", _("请输入短信验证码。")),
        ip=edge.client_ip(request),
    )
    # The carts that the page kept while nobody was logged in; the mall's cart service merges them.
    carts = fields.get("carts")
    return {
        "username": signed_in.user.get_username(),
        "token": signed_in.token,
        "carts_count": len(carts) if isinstance(carts, list | dict) else 0,
    }


def _new_user(fields: Fields) -> Fields:
    """Checked before the code is, so that a bad name or password does not cost the code."""
    model = get_user_model()
    user = {
        # In the one form that Django keeps, so that what is looked at is what is made.
        "username": model.normalize_username(_text(fields, "uname", _("请输入用户名。"))),
        "password": _text(fields, "password", _("请输入密码。")),
        "email": str(fields.get("email") or ""),
    }
    if len(user["password"]) > _LONGEST_PASSWORD:
        message = _("密码最多 %(n)d 个字符，请重新设置。") % {"n": _LONGEST_PASSWORD}
        raise InvalidRequest([{"field": "password", "message": message}])
    try:
        model._meta.get_field("username").clean(user["username"], None)
        model._meta.get_field("email").clean(user["email"], None)
        validate_password(user["password"], password_validators=_PASSWORD_RULES)
    except ValidationError as error:
        raise InvalidRequest([{"field": "user", "message": _words(error)}]) from None
    if model._default_manager.filter(username=user["username"]).exists():
        raise InvalidRequest([{"field": "uname", "message": _("用户名已被使用，请换一个。")}])
    return user


def _words(error: ValidationError) -> str:
    """Its first message; Django has no Chinese for one of them."""
    first = error.error_list[0]
    if first.code == "password_too_short":
        return _("密码至少要有 %(min_length)d 个字符，请重新设置。") % (first.params or {})
    return first.messages[0]


def _text(fields: Fields, name: str, missing: str) -> str:
    """A field's text; a page may send a number. Raises InvalidRequest with `missing`."""
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise InvalidRequest([{"field": name, "message": missing}])
    return value
