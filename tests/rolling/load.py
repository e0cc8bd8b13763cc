"""Shoppers and services who go on while parts are restarted, each over one connection kept open."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import requests

from tests.rolling.house import House
from tests.until import until

_TIMEOUT = 60  # seconds for an answer
_PAUSE = 0.05  # seconds between two things: a part that starts needs the processor, too
_ORDER = {"order": "D1001", "company": "顺丰", "number": "SF1"}


class Client:
    """One connection, and what is asked over it; `url` names a web server, else it is the proxy."""

    def __init__(self, house: House, url: str = "") -> None:
        self.house, self.url = house, url or house.url
        self._session = requests.Session()
        self._session.trust_env = False

    def post(self, path: str, body: Any, **headers: str) -> requests.Response:
        return self._session.post(self.url + path, json=body, headers=headers, timeout=_TIMEOUT)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self._session.get(self.url + path, headers=headers, timeout=_TIMEOUT)

    def send(self, phone: str) -> requests.Response:
        return self.post("/v1/verifications/codes", {"phone": phone, "purpose": "login"})

    def verify(self, phone: str, code: str) -> requests.Response:
        body = {"phone": phone, "purpose": "login", "code": code}
        return self.post("/v1/verifications/verify", body)

    def me(self, token: str) -> requests.Response:
        return self.get("/v1/users/me", Authorization=f"Bearer {token}")

    def notify(self, phone: str, service_key: str) -> None:
        """As a service does: what was not answered is asked for again, with its key."""
        body = {"template": "shipped", "to": [phone], "params": _ORDER}
        headers = {"Authorization": f"Bearer {service_key}", "Idempotency-Key": phone}
        answer = self.post("/v1/notices", body, **headers)
        if answer.status_code == 502:
            answer = self.post("/v1/notices", body, **headers)
        _expect(answer, 202)

    def code(self, phone: str) -> str:
        """The one that was texted, once it is there."""
        until(lambda: self.house.texts(phone))
        (found,) = re.findall(r"验证码是(\d{6})", self.house.texts(phone)[0])
        return str(found)

    def log_in(self, phone: str) -> str:
        """All of it; the token."""
        sent = _expect(self.send(phone), 202)
        _expect(self.get(f"/v1/verifications/codes/{sent['id']}"), 200)
        token = str(_expect(self.verify(phone, self.code(phone)), 200)["token"])
        _expect(self.me(token), 200)
        return token


def _expect(answer: requests.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, f"{answer.status_code} {answer.text} {answer.url}"
    found: dict[str, Any] = answer.json()
    return found


class Crowd:
    """Threads that each do one thing after another, to a phone never used before, until the block
    ends. A thing that fails ends its thread, and is raised at the end."""

    def __init__(
        self, things: dict[Callable[[Client, str], object], int], house: House,
        new_phone: Callable[[], str],
    ) -> None:  # fmt: skip
        self.phones: list[str] = []
        self.failures: list[BaseException] = []
        self._house, self._new_phone = house, new_phone
        self._over = threading.Event()
        several = [thing for thing, times in things.items() for _ in range(times)]
        self._threads = [threading.Thread(target=self._go, args=(thing,)) for thing in several]

    def _go(self, thing: Callable[[Client, str], object]) -> None:
        client = Client(self._house)
        while not self._over.is_set():
            phone = self._new_phone()
            try:
                thing(client, phone)
            except Exception as failure:
                self.failures.append(failure)
                return
            self.phones.append(phone)
            self._over.wait(_PAUSE)

    def go_on(self, times: int = 15) -> None:
        """Until so many more are done."""
        wanted = len(self.phones) + times
        until(lambda: self.failures or len(self.phones) >= wanted)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


@contextmanager
def crowd(
    house: House, new_phone: Callable[[], str], things: dict[Callable[[Client, str], object], int]
) -> Iterator[Crowd]:
    """All of it went well, and each phone was texted exactly once."""
    with Crowd(things, house, new_phone) as people:
        people.go_on()
        yield people
        people.go_on()
    if people.failures:
        raise people.failures[0]
    wanted = {f"+86{phone}" for phone in people.phones}
    # What is not queued any more is sent by nobody.
    until(lambda: not house.messages("queued"))
    counts = house.counts()
    assert {phone: counts.get(phone) for phone in wanted} == dict.fromkeys(wanted, 1)


def shoppers(number: int = 4) -> dict[Callable[[Client, str], object], int]:
    return {Client.log_in: number}
