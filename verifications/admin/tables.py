"""The panels of the dashboard in words: each a table, and the charts of its columns."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import budgets, panels, reasons
from ..latencies import Times
from ..models.rollups import ANSWER_MS, ARRIVAL_S
from .figures import NOTHING, answer, arrival, moment, share
from .records import badge

_BARS = 31  # slots at most; more of them are drawn as lines

_CARRIERS: dict[str, Promise] = {
    "mobile": gettext_lazy("中国移动"),
    "unicom": gettext_lazy("中国联通"),
    "telecom": gettext_lazy("中国电信"),
    "broadnet": gettext_lazy("中国广电"),
    "virtual": gettext_lazy("虚拟运营商"),
    "other": gettext_lazy("其他"),
}
_USE_CASES = {"send_code": gettext_lazy("获取验证码"), "verify_code": gettext_lazy("校验验证码")}
REFUSALS: dict[str, Promise] = {
    "invalid_phone": gettext_lazy("手机号码不正确"),
    "country_not_allowed": gettext_lazy("国家或地区未开放"),
    "unknown_purpose": gettext_lazy("用途不存在"),
    "code_incorrect": gettext_lazy("验证码不正确"),
    "code_expired": gettext_lazy("验证码已失效，或从未发送"),
    "too_many_attempts": gettext_lazy("输错次数过多"),
    "cooldown": gettext_lazy("重发间隔未到"),
    "rate_limited_phone": gettext_lazy("该号码次数已用完"),
    "rate_limited_ip": gettext_lazy("该 IP 地址次数已用完"),
    "rate_limited_prefix": gettext_lazy("该号段次数已用完"),
    "rate_limited_global": gettext_lazy("全站次数或预算已用完"),
    "captcha_required": gettext_lazy("要求人机验证"),
    "captcha_invalid": gettext_lazy("人机验证未通过"),
    "phone_blocked": gettext_lazy("在黑名单中"),
    "delivery_failed": gettext_lazy("所有平台都拒绝"),
    "unavailable": gettext_lazy("服务暂不可用"),
}


@dataclass(frozen=True)
class Chart:
    """What dashboard.js draws. `series` are pairs of a label and a value for each of `labels`; a
    value of None has no bar."""

    kind: str  # bar, or line
    title: str
    labels: list[str]
    series: list[tuple[str, Sequence[float | None]]]
    unit: str = ""
    across: bool = False  # bars from left to right


@dataclass(frozen=True)
class Table:
    """The first cell of a row is its heading. `folded` where the charts say it all."""

    head: list[str]
    rows: list[list[Any]]
    charts: list[Chart] = field(default_factory=list)
    folded: bool = False
    empty: str = ""  # what is said where there is no row


def timeline(of: panels.Range) -> Table:
    slots = panels.timeline(of)
    counts = [(slot.sent, slot.delivered, slot.verified) for slot in slots]
    labels = [_slot(slot.start, of) for slot in slots]
    names = [_("已发送"), _("已送达"), _("已验证")]
    if not any(map(any, counts)):
        return Table([], [])
    chart = Chart(
        "bar" if len(slots) <= _BARS else "line",
        _("发送、送达与验证"),
        labels,
        [*zip(names, zip(*counts, strict=True), strict=True)],
    )
    rows = [[label, *(f"{n:,}" for n in row)] for label, row in zip(labels, counts, strict=True)]
    return Table([_("时间"), *names], rows[::-1], [chart], folded=True)


def _slot(start: datetime, of: panels.Range) -> str:
    return moment(start, "m-d" if of.daily else "H:i" if len(of.slots) <= 24 else "m-d H:i")


def funnel(of: panels.Range) -> Table:
    found = panels.funnel(of)
    steps = [_("请求验证码"), _("短信已发送"), _("短信已送达"), _("验证成功")]
    rows = [
        [step, f"{count:,}", share(count, before), share(count, found.asked)]
        for step, count, before in zip(steps, found, [0, *found], strict=False)
    ]
    chart = Chart("bar", _("验证码漏斗"), steps, [(_("次数"), [*found])], across=True)
    head = [_("步骤"), _("次数"), _("占上一步"), _("占请求")]
    return Table(head, rows, [chart]) if any(found) else Table(head, [])


def of_platforms(of: panels.Range) -> Table:
    return _fates(_("平台"), panels.fates(of, "provider"), lambda name: name)


def of_carriers(of: panels.Range) -> Table:
    def named(name: str) -> str:
        return str(_CARRIERS.get(name, name))

    return _fates(_("运营商"), panels.fates(of, "carrier"), named)


def _fates(first: str, fates: list[panels.Fate], named: Callable[[str], str]) -> Table:
    head = [first, _("已受理"), _("送达率"), _("未送达"), _("号码被拒"), _("未受理"), _("不明")]
    head += [_("应答 P50"), "P95", "P99", _("到达 P50"), "P95", "P99"]
    rows = [
        [
            named(fate.name),
            f"{fate.taken:,}",
            share(fate.delivered, fate.taken),
            *(f"{n:,}" for n in (fate.undelivered, fate.rejected, fate.unavailable)),
            f"{fate.uncertain:,}",
            *(answer(ms) for ms in fate.answer_ms),
            *(arrival(seconds) for seconds in fate.arrival_s),
        ]
        for fate in fates
    ]
    names = [named(fate.name) for fate in fates]
    return Table(head, rows, _charts_of(names, fates) if fates else [])


def _charts_of(names: list[str], fates: list[panels.Fate]) -> list[Chart]:
    rates = [round(100 * one.delivered / one.taken, 1) if one.taken else None for one in fates]
    answers, arrivals = [one.answer_ms for one in fates], [one.arrival_s for one in fates]
    return [
        Chart("bar", _("送达率"), names, [(_("送达率"), rates)], "%", across=True),
        Chart("bar", _("平台应答耗时"), names, _percentiles(answers, ANSWER_MS), "ms", across=True),
        Chart("bar", _("到达耗时"), names, _percentiles(arrivals, ARRIVAL_S), "s", across=True),
    ]


def _percentiles(
    times: list[Times], bounds: tuple[int, ...]
) -> list[tuple[str, Sequence[float | None]]]:
    """What is above all bounds is drawn as the highest of them."""
    return [
        (name, [None if one[place] is None else min(one[place] or 0, bounds[-1]) for one in times])
        for place, name in enumerate(("P50", "P95", "P99"))
    ]


def refusals(of: panels.Range) -> Table:
    found = panels.refusals(of)
    words = [str(REFUSALS.get(one.outcome, one.outcome)) for one in found]
    rows = [
        [reason, str(_USE_CASES[one.use_case]), f"{one.times:,}"]
        for reason, one in zip(words, found, strict=True)
    ]
    chart = Chart(
        "bar",
        _("拒绝原因"),
        words[:8],
        [(_("次数"), [one.times for one in found[:8]])],
        across=True,
    )
    empty = _("这段时间没有拒绝任何请求。")
    return Table([_("原因"), _("环节"), _("次数")], rows, [chart] if found else [], empty=empty)


def budget(_of: panels.Range) -> Table:
    windows = {"hour": _("本小时"), "day": _("今天")}
    rows = [
        [
            one.scope or _("所有平台"),
            windows[one.window],
            f"¥{one.spent:.2f}",
            f"¥{one.limit:.2f}",
            _meter(one),
            badge("bad", _("已用完")) if one.full else badge("good", _("未用完")),
        ]
        for one in panels.budget()
    ]
    head = [_("预算"), _("周期"), _("已花费"), _("上限"), _("比例"), _("状态")]
    return Table(head, rows, empty=_("没有设置预算。"))


def _meter(one: budgets.Spending) -> Any:
    percent = min(100, round(100 * one.spent / one.limit)) if one.limit else 100
    return format_html(
        '<meter min="0" max="100" high="80" optimum="0" value="{}" aria-label="{}"></meter> {}%',
        percent,
        _("已花费"),
        percent,
    )


def breaker_states(_of: panels.Range) -> Table:
    rows = []
    for one in panels.breaker_states():
        state = badge("good", _("正常"))
        if one.seconds_open:
            words = _("暂停使用，%(n)d 秒后重试") % {"n": math.ceil(one.seconds_open)}
            state = badge("bad", words)
        rows.append([one.platform, state])
    return Table([_("平台"), _("状态")], rows)


def failures(of: panels.Range) -> Table:
    rows = []
    for one in panels.failures(of):
        by_carrier = one.source == "carrier"
        words = (
            reasons.of_carrier(one.code)
            if by_carrier
            else reasons.of_platform(one.platform, one.code)
        )
        source = _("状态报告") if by_carrier else _("平台应答")
        rows.append(
            [
                moment(one.last, "m-d H:00"),
                one.platform,
                source,
                words or NOTHING,
                f"{one.times:,}",
            ]
        )
    head = [_("最近一次"), _("平台"), _("来源"), _("含义"), _("次数")]
    return Table(head, rows, empty=_("这段时间没有错误。"))
