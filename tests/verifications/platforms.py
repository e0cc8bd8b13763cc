"""Platforms that do as a test tells them."""

from collections.abc import Callable

from verifications.providers import Accepted, Provider, SendError, Text

_all: dict[str, "Fake"] = {}

BACKEND = f"{__name__}.fake"
SHIPPED = {"order": "D1001", "company": "顺丰", "number": "SF1"}
TEXTS = {
    "default": ["code", "minutes"],
    "shipped": list(SHIPPED),
    "pickup_code": ["code", "order", "until"],
}


class Killed(BaseException):
    """What ends a worker in the middle of a send; nothing of it is caught."""


def die(text: Text) -> None:
    raise Killed


class Fake(Provider):
    """Takes whatever it is given until `error` says otherwise, and keeps it in `texts`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.batch_limit = 200
        self.texts: list[Text] = []
        self.error: SendError | None = None  # of the whole request
        self.of_phone: dict[str, SendError] = {}  # of one phone (E.164) among others
        self.repeatable = False
        self.meanwhile: Callable[[Text], object] = lambda text: None  # done during a send

    def send(self, text: Text) -> dict[str, Accepted | SendError]:
        self.texts.append(text)
        self.meanwhile(text)
        if self.error:
            raise self.error
        return {
            phone: self.of_phone.get(phone, Accepted(f"{text.request_id}{phone}"))
            for phone in text.phones
        }

    def can_repeat(self, first_sent: object) -> bool:
        return self.repeatable


def fake(name: str) -> Fake:
    """The platform of that name, however often the settings are read."""
    return _all.setdefault(name, Fake(name))


def forget() -> None:
    _all.clear()


def settings_of(*names: str) -> dict[str, object]:
    """The keys of VERIFICATIONS that make these platforms all there are, in this order."""
    return {
        "PROVIDERS": {name: {"BACKEND": BACKEND, "OPTIONS": {"name": name}} for name in names},
        "PROVIDER_ORDER": list(names),
        "TEMPLATES": {
            text: {"IDS": {name: f"{name} {text}" for name in names}, "PARAMS": params}
            for text, params in TEXTS.items()
        },
    }
