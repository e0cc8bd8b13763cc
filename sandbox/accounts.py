"""The accounts, apps and templates that the simulated platforms know. All of it is invented."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["pending", "approved", "rejected"]
State = Literal["active", "suspended"]


@dataclass(frozen=True, slots=True)
class Template:
    """A text with numbered blanks: {1}, {2}, … `kind` is 'code' or 'notice'."""

    id: str
    title: str
    text: str
    status: Status = "approved"
    kind: Literal["code", "notice"] = "notice"


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
            "templates": [
                {"id": item.id, "text": item.text, "status": item.status} for item in self.templates
            ],
            "state": self.state,
            "balance": self.balance,
        }


TEMPLATES = (
    # 1 is the platform's own test template, word for word.
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
        token="0123456789abcdef0123456789abcdef",  # noqa: S106 - invented
        app_id="8aaf070800000000fedcba9876543210",
        templates=TEMPLATES,
    ),
    Account(
        provider="cloopen",
        name="被暂停的账户",
        sid="8aaf0708000000000000000000005050",
        token="50505050505050505050505050505050",  # noqa: S106 - invented
        app_id="8aaf07080000000000000000000050a0",
        templates=TEMPLATES,
        state="suspended",
    ),
    Account(
        provider="cloopen",
        name="欠费的账户",
        sid="8aaf0708000000000000000000000000",
        token="00000000000000000000000000000000",  # noqa: S106 - invented
        app_id="8aaf07080000000000000000000000a0",
        # 90001 is this app's alone: with another app it is 160043.
        templates=(*TEMPLATES, Template("90001", "专用通知", "【欠费】专用通知{1}")),
        balance="0.00",
    ),
)
