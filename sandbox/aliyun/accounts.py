"""The accounts of 阿里云. All of it is invented."""

from dataclasses import dataclass

from sandbox.accounts import State, Template


@dataclass(frozen=True, slots=True)
class Account:
    """One customer, with one signature. Templates have named blanks: ${code}. `balance` is in
    yuan."""

    name: str
    access_key_id: str
    access_key_secret: str
    sign_name: str
    templates: tuple[Template, ...]
    balance: str = "1000.00"
    state: State = "active"

    def template(self, code: str) -> Template | None:
        """The account's template of that TemplateCode."""
        return next((item for item in self.templates if item.id == code), None)

    def listing(self) -> dict[str, object]:
        """What GET /sandbox/accounts tells of it."""
        return {
            "provider": "aliyun",
            "access_key_id": self.access_key_id,
            "access_key_secret": self.access_key_secret,
            "sign_name": self.sign_name,
            "templates": [item.listing() for item in self.templates],
            "state": self.state,
            "balance": self.balance,
        }


TEMPLATES = (
    Template(
        "SMS_100001", "验证码", "您的验证码是${code}，请于${minutes}分钟内正确输入。", kind="code"
    ),
    Template("SMS_100002", "物流通知", "您的订单${order}已由${company}发出，运单号${number}。"),
    Template("SMS_100003", "提货码", "您的提货码是${code}，订单${order}，请于${until}前到店取货。"),
    Template("SMS_100004", "促销通知", "${event}大促今晚开始，全场${rate}折起。", status="pending"),
)

ALIYUN = (
    Account(
        name="达达商城",
        access_key_id="LTAI5tSandboxDadashop00",
        access_key_secret="sandboxAliyunSecret0123456789a",  # noqa: S106  # nosec B106  # invented
        sign_name="达达商城",
        templates=TEMPLATES,
    ),
    Account(
        name="被暂停的账户",
        access_key_id="LTAI5tSandboxSuspended0",
        access_key_secret="sandboxAliyunSecretSuspended00",  # noqa: S106  # nosec B106  # invented
        sign_name="达达商城",
        templates=TEMPLATES,
        state="suspended",
    ),
    Account(
        name="欠费的账户",
        access_key_id="LTAI5tSandboxPenniless0",
        access_key_secret="sandboxAliyunSecretPenniless00",  # noqa: S106  # nosec B106  # invented
        sign_name="达达商城",
        templates=TEMPLATES,
        balance="0.00",
    ),
)
