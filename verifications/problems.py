"""How a refusal reads over HTTP (RFC 9457), and what each kind asks of whoever programs a page.

problems.of(refusal)      # the members of its answer, in the active language
problems.KINDS            # every `code`: its status, what it means, what to do about it
"""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .exceptions import VerificationError

# Refusals of HTTP itself, which no use case raises.
PLAIN = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    500: "internal_error",
}


class Kind(NamedTuple):
    code: str
    status: int
    meaning: Promise
    remedy: Promise  # for the front end


def of(refusal: VerificationError) -> dict[str, Any]:
    members = dict(refusal.extras)
    if refusal.retry_after is not None:
        members["retry_after"] = refusal.retry_after
    return _body(refusal.code, refusal.status, refusal.message, members)


def plain(status: int) -> dict[str, Any]:
    """Of a status of PLAIN."""
    detail = {
        401: _("请先登录。"),
        403: _("不接受来自其他网站的请求，请在本站页面操作。"),
        404: _("没有找到您要的内容，请检查网址。"),
        405: _("这里不支持这种操作，请刷新页面后重试。"),
        500: _("服务出错了，请稍后重试。"),
    }[status]
    return _body(PLAIN[status], status, str(detail), {})


def _body(code: str, status: int, detail: str, members: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": f"/v1/docs/problems#{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        **members,
    }


_TEXTS: dict[str, tuple[Promise, Promise]] = {
    "invalid_request": (
        _("请求体不是 JSON，或者有字段缺失、多余、类型不对。errors 逐个说明。"),
        _("把 errors 里的说明显示在对应的字段旁。如果用户没有填错，要改的是页面的代码。"),
    ),
    "invalid_phone": (
        _("这不是手机号。"),
        _("把 detail 显示在手机号旁，焦点放回输入框，保留已填的内容。"),
    ),
    "country_not_allowed": (
        _("号码是真的，但它所在的国家或地区没有开通。"),
        _("把 detail 显示在手机号旁。要开通，请运维设置 ALLOWED_COUNTRIES。"),
    ),
    "unknown_purpose": (
        _("purpose 不在 PURPOSES 之中。"),
        _("改正页面里的 purpose，例如 login 或 register。"),
    ),
    "code_incorrect": (
        _("验证码不对。attempts_left 是还可以试的次数。"),
        _(
            "显示 detail，选中已填的验证码，让用户直接重填。"
            "attempts_left 为 0 时清空它，并引导用户重新获取。"
        ),
    ),
    "code_expired": (
        _("没有有效的验证码：从未发送、已经超时，或者已经用过。"),
        _("清空验证码，引导用户重新获取。"),
    ),
    "too_many_attempts": (
        _("猜错的次数用完了，此时正确的验证码也不再有效。"),
        _("清空验证码，在 retry_after 秒内停用获取按钮，并显示倒计时。"),
    ),
    "cooldown": (
        _("离上一条短信还不到重发间隔。"),
        _("按 retry_after 显示倒计时。上一条短信里的验证码仍然有效，让用户可以去填。"),
    ),
    "rate_limited": (
        _("配额或预算用完了。limit 说明是谁的：phone、ip、prefix 或 global。"),
        _("按 retry_after 显示倒计时，不要自动重试。"),
    ),
    "captcha_required": (
        _("从这里获取验证码的请求太多，要先完成安全验证。"),
        _(
            "GET /v1/verifications/captcha 取得题目，求解后把答案放进 captcha 再发一次。"
            "<dada-sms-code> 会自动完成。"
        ),
    ),
    "captcha_invalid": (
        _("安全验证的答案不对、太迟，或者已经用过。"),
        _("取一道新题再试一次。多次不成功时，建议用户换一个浏览器。"),
    ),
    "phone_blocked": (
        _("号段在黑名单里；或者验证码正确，但号码在黑名单里，或它的账号已停用。"),
        _("显示 detail，给出客服入口，不要重试。"),
    ),
    "already_registered": (
        _("注册的验证码正确，但这个手机号已有账号。"),
        _("给出“改为登录”：以 purpose=login 重新获取验证码。"),
    ),
    "not_registered": (
        _("登录的验证码正确，但这个手机号没有账号，而登录时不会自动创建。"),
        _("给出“改为注册”：以 purpose=register 重新获取验证码。"),
    ),
    "delivery_failed": (
        _("所有短信平台都拒绝了这条短信。间隔和配额已经退还。"),
        _("显示 detail，让用户检查号码。按钮不必停用，可以马上再试。"),
    ),
    "unavailable": (
        _("Redis、数据库或所有短信平台都连不上。没有放行任何请求。"),
        _("保留已填的内容，retry_after 秒后让用户再试。"),
    ),
    "unauthorized": (
        _("没有出示令牌或服务密钥，或者它已失效。"),
        _("页面：丢掉令牌，请用户重新登录。服务：检查 Authorization。"),
    ),
    "forbidden": (
        _("浏览器替另一个网站的页面发来了请求。"),
        _("如果那是自己的页面，请运维把它的来源写进 DADASHOP_CORS_ORIGINS。"),
    ),
    "not_found": (
        _("没有这个地址，或者没有这个 id：它可能已经过期。"),
        _("检查地址。查询短信状态时，不再查询就好。"),
    ),
    "method_not_allowed": (
        _("这个地址不接受这种 HTTP 方法。"),
        _("改用应答头 Allow 列出的方法。"),
    ),
    "internal_error": (
        _("是我们的错误。"),
        _("让用户稍后再试，并把应答头 X-Request-ID 告诉运维。"),
    ),
}


def _kinds() -> list[Kind]:
    statuses = {kind.code: kind.status for kind in VerificationError.__subclasses__()}
    statuses |= {code: status for status, code in PLAIN.items()}
    return [Kind(code, status, *_TEXTS[code]) for code, status in statuses.items()]


KINDS = _kinds()
