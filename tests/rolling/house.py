"""The product as deploy/ runs it, each part a process that can be restarted: two web servers behind
nginx, workers where there is a queue, and a sandbox in this process."""

import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests

from dadashop.embedded import EmbeddedValkey
from dadashop.processes import Child
from sandbox import Sandbox, receipts
from sandbox.accounts import CLOOPEN
from sandbox.cloopen import Cloopen
from tests.deploy.proxy import Proxy
from tests.live import clean_environment, free_port
from tests.queue.brokers import Broker
from tests.queue.stack import PARTS, command_of
from tests.until import until

_PATIENCE = 60  # seconds for a report to be taken, while webs restart
_LATENCY = 0.05  # seconds that a platform takes: some requests are always under way
# Not the sandbox's own, whose token is not read from the environment.
_ACCOUNT = replace(CLOOPEN[0], sid="0f" * 16)
WORKERS = ("worker-codes", "worker-notices")
WEBS = ("web-1", "web-2")


class House:
    """`environment` is what parts are started with from then on; those that run keep theirs."""

    def __init__(
        self, place: Path, broker: Broker | None = None, others: tuple[str, ...] = ()
    ) -> None:
        self.place = place
        ports = free_port(), free_port()
        self.at = {web: f"http://127.0.0.1:{port}" for web, port in zip(WEBS, ports, strict=True)}
        self.proxy = Proxy(place, ports)
        self.url = f"http://127.0.0.1:{self.proxy.plain_port}"
        self.sandbox = Sandbox(port=free_port(), latency=_LATENCY)
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "tests.rolling.settings",
            "DADASHOP_DATA_DIR": str(place),
            "DADASHOP_TRUSTED_PROXIES": "1",
            "DADASHOP_GUARD": "off",
            "DADASHOP_CAPTCHA": "never",
            "DADASHOP_SECRET_KEY": "the-key-of-the-first-day",
            "RECEIPT_SECRET": "the-secret-of-the-first-day",
            "SERVICE_KEYS": "the-service-key-of-the-first-day",
            "SANDBOX_URL": self.sandbox.url,
            "SMS_PROVIDERS": "cloopen,aliyun",
            "CLOOPEN_ACCOUNT_SID": _ACCOUNT.sid,
            "CLOOPEN_AUTH_TOKEN": _ACCOUNT.token,
            "CLOOPEN_APP_ID": _ACCOUNT.app_id,
            "CLOOPEN_TEMPLATE_SHIPPED": "2",
            "CLOOPEN_TEMPLATE_PICKUP_CODE": "3",
            "CLOOPEN_BASE_URL": self.sandbox.url,
            "CELERY_QUIET": "1",
        }
        self.set_token(_ACCOUNT.token)
        self.parts = (*WEBS, *others)
        if broker:
            self.environment["CELERY_BROKER_URL"] = broker.url
        self._valkey = EmbeddedValkey(place)
        self._children: dict[str, Child] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.callback(self._valkey.stop)
            self.environment["REDIS_URL"] = f"unix://{self._valkey.ensure_running()}"
            stack.enter_context(patch.object(receipts, "PUSH_TIMEOUT", _PATIENCE))
            stack.enter_context(self.sandbox)
            stack.callback(self._stop)
            until(self._run("migrate", "manage.py", "migrate", "--verbosity", "0").ended)
            self.start(*self.parts)
            stack.enter_context(self.proxy.running())
            self.report_with(self.environment["RECEIPT_SECRET"])
            yield

    def start(self, *parts: str) -> None:
        """As the units do, each until it is ready."""
        for part in parts:
            if part in WEBS:
                self._run(part, *_web(self.at[part].rpartition(":")[2]))
            else:
                self._run(part, *PARTS[part])
        for url in [self.at[part] for part in parts if part in WEBS]:
            until(partial(_is_ready, url))

    def end(self, part: str) -> None:
        """As systemd does: it is asked once, and has time."""
        child = self._children.pop(part)
        os.kill(child.pid, signal.SIGTERM)
        try:
            until(child.ended)
        finally:
            child.stop()

    def restart(self, *parts: str) -> None:
        """One after another."""
        for part in parts:
            self.end(part)
            self.start(part)

    def set_token(self, token: str) -> None:
        """容联云 knows our account by it, and by no other."""
        world = self.sandbox.world
        ours = Cloopen(world, (replace(_ACCOUNT, token=token),))
        world.platforms = (ours, *world.platforms[1:])

    def report_with(self, secret: str) -> None:
        """Where platforms push their reports to, as it is entered in their consoles."""
        for platform in self.sandbox.world.platforms:
            url = f"{self.url}/v1/receipts/{platform.name}/{secret}"
            self.sandbox.world.receipts.target(platform.name, url)

    def reports(self) -> int:
        """How many were pushed."""
        told = self.sandbox.world.receipts.listing()
        return int(str(told["pushed"])) + int(str(told["failed"]))

    def fault(self, **fault: Any) -> None:
        url = f"{self.sandbox.url}/sandbox/faults"
        requests.post(url, json={"provider": "cloopen", **fault}, timeout=10).raise_for_status()

    def texts(self, phone: str) -> list[str]:
        """Newest first."""
        return [text.text for text in self.sandbox.world.phones.messages(phone, 100)]

    def counts(self) -> dict[str, int]:
        """How many texts each phone (E.164) received."""
        return self.sandbox.world.phones.counts()

    def messages(self, status: str) -> int:
        with closing(sqlite3.connect(self.place / "db.sqlite3", timeout=20)) as database:
            query = "SELECT count(*) FROM verifications_message WHERE status = ?"
            found: int = database.execute(query, [status]).fetchone()[0]
        return found

    @property
    def log(self) -> str:
        return (self.place / "log").read_text()

    def _run(self, name: str, *arguments: str) -> Child:
        environment = clean_environment(**self.environment)
        clean = ["env", "-i", *(f"{key}={value}" for key, value in environment.items())]
        quietly = ["/bin/sh", "-c", f'exec "$@" >>"{self.place / "log"}" 2>&1', "quietly"]
        child = self._children[name] = Child([*clean, *quietly, sys.executable, *arguments])
        return child

    def _stop(self) -> None:
        for child in self._children.values():
            if not child.ended():
                os.kill(child.pid, signal.SIGTERM)  # all at once
        for child in self._children.values():
            child.stop(timeout=20)


@contextmanager
def queued(broker: Broker, place: Path, *others: str) -> Iterator[House]:
    """With a queue, and these parts to work it off."""
    broker.start()
    try:
        house = House(place, broker, others)
        with house.running():
            yield house
    finally:
        broker.stop()


def _web(port: str) -> list[str]:
    """As the unit says, but for one worker: these tests start some dozens."""
    words = [word.replace("%i", port) for word in command_of("web@")]
    words[words.index("--workers") + 1] = "1"
    return words


def _is_ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/readyz", timeout=10).ok
    except requests.RequestException:
        return False
