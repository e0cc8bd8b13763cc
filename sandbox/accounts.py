"""The accounts, apps and templates that the simulated platforms know. All of it is invented."""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

Status = Literal["pending", "approved", "rejected"]
State = Literal["active", "suspended"]
A = TypeVar("A", bound=Any)  # an account of any platform: a dataclass with templates

_BLANK = re.compile(r"\$?\{\w+\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A text with blanks as the platform marks them: {1} or ${code}. `kind` is 'code' or
    'notice'."""

    id: str
    title: str
    text: str
    status: Status = "approved"
    kind: Literal["code", "notice"] = "notice"

    def bound(self, origin: str) -> "Template":
        """A code's with the last line that binds it to a web site, its first blank once more."""
        if self.kind != "code":
            return self
        blank = _BLANK.findall(self.text)[0]
        return replace(self, text=f"{self.text}\n@{origin} #{blank}")

    def listing(self) -> dict[str, str]:
        """What GET /sandbox/accounts tells of it."""
        return {"id": self.id, "text": self.text, "status": self.status}


@dataclass(frozen=True, slots=True)
class Account:
    """One customer of a platform, with one app. `balance` is in yuan."""

    provider: str
    name: str
    sid: str
    token: str
    app_id: str
    templates: tuple[Template, ...]
    balance: str = "1000.00"
    state: State = "active"

    def template(self, template_id: str) -> Template | None:
        """The app's template of that id."""
        return next((item for item in self.templates if item.id == template_id), None)

    def listing(self) -> dict[str, object]:
        """What GET /sandbox/accounts tells of it."""
        return {
            "provider": self.provider,
            "account_sid": self.sid,
            "auth_token": self.token,
            "app_id": self.app_id,
            "templates": [item.listing() for item in self.templates],
            "state": self.state,
            "balance": self.balance,
        }


def bound(accounts: tuple[A, ...], origin: str) -> tuple[A, ...]:
    """The accounts with their codes bound to a web site's host, unless that is ""."""
    if not origin:
        return accounts
    return tuple(
        replace(one, templates=tuple(text.bound(origin) for text in one.templates))
        for one in accounts
    )


TEMPLATES = (
    # 1 is the platform's own test template, word for word unless it is bound.
    Template(
        "1",
        "验证码",
        "【云通讯】您使用的是云通讯短信模板，您的验证码是{1}，请于{2}分钟内正确输入",
        kind="code",
    ),
    Template("2", "物流通知", "【达达商城】您的订单{1}已由{2}发出，运单号{3}。"),
    Template("3", "提货码", "【达达商城】您的提货码是{1}，订单{2}，请于{3}前到店取货。"),
    Template("4", "促销通知", "【达达商城】{1}大促今晚开始，全场{2}折起。", status="pending"),
)

CLOOPEN = (
    Account(
        provider="cloopen",
        name="达达商城",
        sid="8aaf0708000000000123456789abcdef",
        token="0123456789abcdef0123456789abcdef",  # noqa: S106  # nosec B106  # invented
        app_id="8aaf070800000000fedcba9876543210",
        templates=TEMPLATES,
    ),
    Account(
        provider="cloopen",
        name="被暂停的账户",
        sid="8aaf0708000000000000000000005050",
        token="50505050505050505050505050505050",  # noqa: S106  # nosec B106  # invented
        app_id="8aaf07080000000000000000000050a0",
        templates=TEMPLATES,
        state="suspended",
    ),
    Account(
        provider="cloopen",
        name="欠费的账户",
        sid="8aaf0708000000000000000000000000",
        token="00000000000000000000000000000000",  # noqa: S106  # nosec B106  # invented
        app_id="8aaf07080000000000000000000000a0",
        # 90001 is this app's alone: with another app it is 160043.
        templates=(*TEMPLATES, Template("90001", "专用通知", "【欠费】专用通知{1}")),
        balance="0.00",
    ),
)
