"""Why a text did not go as it should, in an operator's words.

A message's reason is a platform's code (`cloopen: 160042`), a carrier's (`MK:0012`), or a word of
ours (`budget`).
"""

from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import providers
from .models import Message
from .providers.carriers import explain
from .providers.errors import look_up

_TABLES = Path(providers.__file__).parent
# What no platform said: it happened here, or on the way there.
_OURS: dict[str, Promise] = {
    "blocked": _("号码在黑名单中"),
    "budget": _("预算已用完"),
    "cancelled": _("已取消"),
    "code is gone": _("验证码已失效，不再发送"),
    "expired": _("到有效期仍未发出"),
    "no template": _("没有可用的模板或平台"),
    "no_budget": _("无法确认预算"),
    "redis": _("Redis 不可用"),
    "worker_lost": _("发送进程中断"),
    "ConnectTimeout": _("连接平台超时"),
    "ConnectionError": _("与平台的连接中断"),
    "ProtocolError": _("与平台的连接中断"),
    "ReadTimeout": _("平台没有及时应答"),
    "ReadTimeoutError": _("平台没有及时应答"),
    "SSLError": _("与平台的加密连接失败"),
    "no outcome for this phone": _("平台没有说明这个号码的结果"),
    "unreadable reply": _("平台的应答无法读懂"),
}


def of_message(message: Message) -> str:
    """Why its status is what it is; "" where nothing is to be said."""
    if message.withheld:  # whatever the decoy did in a platform's place
        return str(message.get_withheld_display())
    if message.status == Message.Status.UNDELIVERED:
        return of_carrier(message.reason)
    platform, _colon, code = message.reason.rpartition(": ")
    return of_platform(platform, code)


def of_platform(platform: str, code: str) -> str:
    """`cloopen`, `160042` -> what it means, and the code; the code alone where nobody knows."""
    if code in _OURS:
        return str(_OURS[code])
    if code.startswith("HTTP "):
        return str(_("平台的应答是 %(code)s") % {"code": code})
    table = _TABLES / f"{platform}_errors.json"
    meaning = look_up(table, code).meaning if platform.isidentifier() and table.exists() else ""
    return f"{meaning}（{code}）" if meaning else code


def of_carrier(code: str) -> str:
    """`MK:0012` -> `空号（MK:0012）`."""
    return f"{explain(code).meaning}（{code}）" if code else ""
