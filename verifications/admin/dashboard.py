"""The dashboard: what was sent, and what became of it, at a glance."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from .. import panels
from ..exceptions import Unavailable
from ..models import Hour
from . import figures, tables
from .searching import Admin

PERMISSION = "verifications.view_dashboard"
_STALE = timedelta(minutes=10)
_RANGES: dict[str, tuple[int, Promise]] = {
    "24h": (1, gettext_lazy("24 小时")),
    "7d": (7, gettext_lazy("7 天")),
    "30d": (30, gettext_lazy("30 天")),
    "90d": (90, gettext_lazy("90 天")),
}
# name, title, what it shows, and whether it takes the whole width
_PANELS: list[tuple[str, Promise, Callable[[panels.Range], tables.Table], bool]] = [
    ("timeline", gettext_lazy("发送趋势"), tables.timeline, True),
    ("funnel", gettext_lazy("验证码漏斗"), tables.funnel, False),
    ("refusals", gettext_lazy("拒绝原因"), tables.refusals, False),
    ("platforms", gettext_lazy("各平台"), tables.of_platforms, True),
    ("carriers", gettext_lazy("各运营商"), tables.of_carriers, True),
    ("budget", gettext_lazy("预算"), tables.budget, False),
    ("breakers", gettext_lazy("平台熔断"), tables.breaker_states, False),
    ("failures", gettext_lazy("最近的错误"), tables.failures, True),
]


@admin.register(Hour)
class DashboardAdmin(Admin):
    """Stands in the admin's index as a model does, and has one page."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_safe(self.changelist_view))
        return [path("", view, name="verifications_hour_changelist")]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("range", "")
        name = asked if asked in _RANGES else "24h"
        days, title = _RANGES[name]
        shown = list(_shown(panels.last_days(days)))
        context = {
            **self.admin_site.each_context(request),
            "title": _("短信看板"),
            "opts": self.opts,
            "range": name,
            "range_title": title,
            "ranges": [(key, words) for key, (_days, words) in _RANGES.items()],
            "tiles": _attempt(_tiles, panels.last_days(days)),
            "panels": shown,
            "charts": {
                f"{panel['name']}-{number}": dataclasses.asdict(chart)
                for panel in shown
                for number, chart in enumerate(getattr(panel["table"], "charts", []))
            },
            **_freshness(),
        }
        return TemplateResponse(request, "admin/verifications/dashboard.html", context)


def _shown(of: panels.Range) -> Iterator[dict[str, Any]]:
    for name, title, make, wide in _PANELS:
        yield {"name": name, "title": title, "wide": wide, **_attempt(make, of)}


def _attempt(make: Callable[[panels.Range], Any], of: panels.Range) -> dict[str, Any]:
    """A panel whose source is away says so, and the others are shown."""
    try:
        return {"table": make(of), "trouble": ""}
    except Unavailable:
        return {"table": None, "trouble": _("Redis 暂时无法访问，这一栏没有数据。")}
    except Error:
        return {"table": None, "trouble": _("数据库暂时无法读取，这一栏没有数据。")}


def _freshness() -> dict[str, str]:
    try:
        rolled_at = panels.rolled_at()
    except Error:  # of which all panels speak
        return {}
    if rolled_at is None:
        return {
            "warning": _("还没有汇总数据。每分钟汇总一次的是 beat，不用队列时是 manage.py sweep。")
        }
    if timezone.now() - rolled_at > _STALE:
        words = _("汇总停在 %(when)s：beat 没有运行，或它的任务没有被执行。下面的数字不是最新的。")
        return {"warning": words % {"when": figures.moment(rolled_at, "m-d H:i")}}
    return {"fresh": _("更新于 %(when)s") % {"when": figures.moment(rolled_at, "H:i")}}


def _tiles(of: panels.Range) -> list[tuple[str, str, str]]:
    """(label, number, what it is made of)"""
    found = panels.totals(of)
    half, most = _("一半在此时间内"), _("95% 在此时间内")
    return [
        (_("已发送"), f"{found.sent:,}", _("条短信")),
        (
            _("送达率"),
            figures.share(found.delivered, found.sent),
            f"{found.delivered:,} / {found.sent:,}",
        ),
        (
            _("验证率"),
            figures.share(found.verified, found.asked),
            f"{found.verified:,} / {found.asked:,}",
        ),
        (_("平台应答 P50"), figures.answer(found.answer_ms.p50), half),
        (_("平台应答 P95"), figures.answer(found.answer_ms.p95), most),
        (_("到达 P95"), figures.arrival(found.arrival_s.p95), most),
    ]
