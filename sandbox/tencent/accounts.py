"""The accounts of 腾讯云. All of it is invented."""

from dataclasses import dataclass

from sandbox.accounts import State, Template


@dataclass(frozen=True, slots=True)
class Account:
    """One customer, with one app and one signature. Templates have numbered blanks: {1}. `package`
    is how many texts it has paid for."""

    name: str
    secret_id: str
    secret_key: str
    sdk_app_id: str
    sign_name: str
    templates: tuple[Template, ...]
    package: int = 1_000_000
    state: State = "active"

    def template(self, template_id: str) -> Template | None:
        """The account's template of that id."""
        return next((item for item in self.templates if item.id == template_id), None)

    def listing(self) -> dict[str, object]:
        """What GET /sandbox/accounts tells of it."""
        return {
            "provider": "tencent",
            "secret_id": self.secret_id,
            "secret_key": self.secret_key,
            "sdk_app_id": self.sdk_app_id,
            "sign_name": self.sign_name,
            "templates": [item.listing() for item in self.templates],
            "state": self.state,
            "package": self.package,
        }


TEMPLATES = (
    Template("1000001", "验证码", "您的验证码是{1}，请于{2}分钟内正确输入。", kind="code"),
    Template("1000002", "物流通知", "您的订单{1}已由{2}发出，运单号{3}。"),
    Template("1000003", "提货码", "您的提货码是{1}，订单{2}，请于{3}前到店取货。"),
    Template("1000004", "促销通知", "{1}大促今晚开始，全场{2}折起。", status="pending"),
)

TENCENT = (
    Account(
        name="达达商城",
        secret_id="AKIDSandboxDadashop0000000000000000",  # noqa: S106  # nosec B106  # invented
        secret_key="sandboxTencentKey00000000000000",  # noqa: S106 - invented
        sdk_app_id="1400000001",
        sign_name="达达商城",
        templates=TEMPLATES,
    ),
    Account(
        name="被暂停的账户",
        secret_id="AKIDSandboxSuspended000000000000000",  # noqa: S106  # nosec B106  # invented
        secret_key="sandboxTencentKeySuspended00000",  # noqa: S106 - invented
        sdk_app_id="1400000002",
        sign_name="达达商城",
        templates=TEMPLATES,
        state="suspended",
    ),
    Account(
        name="欠费的账户",
        secret_id="AKIDSandboxPenniless000000000000000",  # noqa: S106  # nosec B106  # invented
        secret_key="sandboxTencentKeyPenniless00000",  # noqa: S106 - invented
        sdk_app_id="1400000003",
        sign_name="达达商城",
        templates=TEMPLATES,
        package=0,
    ),
)
