"""The accounts that the platform knows. All of it is invented."""

from dataclasses import dataclass

from sandbox.accounts import State, Template

SIGNATURES = {"sms-sign-dadashop01": "达达商城"}

TEMPLATES = (
    Template(
        "sms-tmpl-code0000001",
        "验证码",
        "您的验证码是${code}，请于${minutes}分钟内正确输入。",
        kind="code",
    ),
    Template(
        "sms-tmpl-shipped0001", "物流通知", "您的订单${order}已由${company}发出，运单号${number}。"
    ),
    Template(
        "sms-tmpl-pickup00001",
        "提货码",
        "您的提货码是${code}，订单${order}，请于${until}前到店取货。",
    ),
    Template(
        "sms-tmpl-promo000001",
        "促销通知",
        "${name}大促今晚开始，全场${discount}折起。",
        status="pending",
    ),
)


@dataclass(frozen=True, slots=True)
class Account:
    """One customer. `id` is also the token that signs the pushed reports; `balance` is in yuan."""

    name: str
    access_key_id: str
    secret_access_key: str
    id: str
    templates: tuple[Template, ...] = TEMPLATES
    balance: str = "1000.00"
    state: State = "active"

    def template(self, template_id: str) -> Template | None:
        """The account's template of that id."""
        return next((item for item in self.templates if item.id == template_id), None)

    def signature(self, signature_id: str) -> str | None:
        """The words that stand for that id at the head of a text."""
        return SIGNATURES.get(signature_id)

    def listing(self) -> dict[str, object]:
        """What GET /sandbox/accounts tells of it."""
        return {
            "provider": "baidu",
            "access_key_id": self.access_key_id,
            "secret_access_key": self.secret_access_key,
            "account_id": self.id,
            "signatures": [{"id": key, "text": text} for key, text in SIGNATURES.items()],
            "templates": [item.listing() for item in self.templates],
            "state": self.state,
            "balance": self.balance,
        }


BAIDU = (
    Account(
        name="达达商城",
        access_key_id="sandboxbaiduak000000000000000000",
        secret_access_key="sandboxbaidusk000000000000000000",  # noqa: S106 # nosec B106 # invented
        id="sandboxbaiduaccount0000000000000",
    ),
    Account(
        name="被暂停的账户",
        access_key_id="sandboxbaiduak000000000000005050",
        secret_access_key="sandboxbaidusk000000000000005050",  # noqa: S106 # nosec B106 # invented
        id="sandboxbaiduaccount0000000005050",
        state="suspended",
    ),
    Account(
        name="欠费的账户",
        access_key_id="sandboxbaiduak00000000000000000a",
        secret_access_key="sandboxbaidusk00000000000000000a",  # noqa: S106 # nosec B106 # invented
        id="sandboxbaiduaccount000000000000a",
        balance="0.00",
    ),
)
