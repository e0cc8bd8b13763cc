"""Every refusal, one class a row of the error table.

VerificationError
├── InvalidRequest        invalid_request        400
├── InvalidPhone          invalid_phone          400
├── CountryNotAllowed     country_not_allowed    400
├── UnknownPurpose        unknown_purpose        400
├── CodeIncorrect         code_incorrect         400  attempts_left
├── CodeExpired           code_expired           400
├── TooManyAttempts       too_many_attempts      429  retry_after
├── Cooldown              cooldown               429  retry_after
├── RateLimited           rate_limited           429  retry_after, limit
├── CaptchaRequired       captcha_required       403
├── CaptchaInvalid        captcha_invalid        403
├── PhoneBlocked          phone_blocked          403
├── AlreadyRegistered     already_registered     409
├── NotRegistered         not_registered         404
├── DeliveryFailed        delivery_failed        502
└── Unavailable           unavailable            503  retry_after

`message` is what a shopper may read: Chinese, or the active language. Nothing here ever holds
a phone number, a code or a secret, so an error may be logged as it is.
"""

from types import TracebackType
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


def place_of(error: BaseException) -> str:
    """`LookupError in /path/file.py:12`: all that may be told of an error that nobody expected, as
    its text and its frames may hold a phone or a code."""
    trace: TracebackType | None = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} in {where}"


class VerificationError(Exception):
    """A refusal. `code` names it, `status` is its HTTP status, `extras` are its further members."""

    code: ClassVar[str]
    status: ClassVar[int]
    default_message: ClassVar[Promise]

    def __init__(self, *, retry_after: int | None = None, **extras: Any) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after  # whole seconds, rounded up; None where waiting is no help
        self.extras = extras

    @property
    def message(self) -> str:
        """What a shopper may read, in the active language."""
        values = {**self.extras, "wait": _waiting_time(self.retry_after)}
        return str(self.default_message) % values


def _waiting_time(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds < 120:
        return ngettext("%(n)d 秒", "%(n)d 秒", seconds) % {"n": seconds}
    if seconds < 7200:
        minutes = -(-seconds // 60)
        return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    hours = -(-seconds // 3600)
    return ngettext("%(n)d 小时", "%(n)d 小时", hours) % {"n": hours}


class InvalidRequest(VerificationError):
    """Not JSON, or a field missing, of the wrong type, or unknown. `errors` says which."""

    code, status = "invalid_request", 400
    default_message = _("填写的内容有误，请检查后重试。")

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(errors=errors)


class InvalidPhone(VerificationError):
    code, status = "invalid_phone", 400
    default_message = _("手机号不正确，请检查后重新输入。")


class CountryNotAllowed(VerificationError):
    code, status = "country_not_allowed", 400
    default_message = _("暂不支持该国家或地区的手机号，请换一个号码。")


class UnknownPurpose(VerificationError):
    code, status = "unknown_purpose", 400
    default_message = _("暂时不能发送这种验证码，请刷新页面后重试。")


class CodeIncorrect(VerificationError):
    code, status = "code_incorrect", 400
    default_message = _("验证码不正确，还可以尝试 %(attempts_left)d 次。")
    last_message = _("验证码多次输入错误，已失效，请重新获取。")

    def __init__(self, attempts_left: int) -> None:
        super().__init__(attempts_left=attempts_left)

    @property
    def message(self) -> str:
        if self.extras["attempts_left"]:
            return super().message
        return str(self.last_message)


class CodeExpired(VerificationError):
    code, status = "code_expired", 400
    default_message = _("验证码已失效，请重新获取。")


class TooManyAttempts(VerificationError):
    code, status = "too_many_attempts", 429
    default_message = _("错误次数过多，请在 %(wait)s后重新获取验证码。")


class Cooldown(VerificationError):
    code, status = "cooldown", 429
    default_message = _("验证码刚刚发过，请在 %(wait)s后重新获取。")


class RateLimited(VerificationError):
    """A quota is used up. `limit` says whose: `phone`, `ip`, `prefix` or `global`."""

    code, status = "rate_limited", 429
    default_message = _("获取验证码过于频繁，请在 %(wait)s后再试。")

    def __init__(self, limit: str, retry_after: int) -> None:
        super().__init__(limit=limit, retry_after=retry_after)

    @property
    def message(self) -> str:
        if self.extras["limit"] == "global":  # for which this shopper can do nothing
            return str(_("当前获取验证码的人较多，请在 %(wait)s后再试。")) % {
                "wait": _waiting_time(self.retry_after)
            }
        return super().message


class CaptchaRequired(VerificationError):
    code, status = "captcha_required", 403
    default_message = _("为保障账号安全，请先完成安全验证。")


class CaptchaInvalid(VerificationError):
    code, status = "captcha_invalid", 403
    default_message = _("安全验证未通过，请重试。")


class PhoneBlocked(VerificationError):
    code, status = "phone_blocked", 403
    default_message = _("该手机号暂时无法使用，请联系客服。")


class AlreadyRegistered(VerificationError):
    code, status = "already_registered", 409
    default_message = _("该手机号已经注册，请直接登录。")


class NotRegistered(VerificationError):
    code, status = "not_registered", 404
    default_message = _("该手机号尚未注册，请先注册。")


class DeliveryFailed(VerificationError):
    """Every platform refused the text; the cooldown and the quotas were given back."""

    code, status = "delivery_failed", 502
    default_message = _("短信发送失败，请稍后重试，或换一个手机号。")

    def __init__(self, *, bad_number: bool = False) -> None:
        super().__init__()
        self.bad_number = bad_number  # a platform says that there is no such number


class Unavailable(VerificationError):
    """Redis, the database or every platform is out of reach; nothing was let through."""

    code, status = "unavailable", 503
    default_message = _("服务暂时不可用，请在 %(wait)s后重试。")

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__(retry_after=retry_after)
