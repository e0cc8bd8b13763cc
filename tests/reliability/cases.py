"""What can go wrong while 200 notices go out, and what became of them."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from tests.queue.brokers import Broker, RabbitMQ
from tests.reliability import deaths, mall
from tests.reliability.servers import Forgetful, postgresql
from tests.reliability.tally import Tally, tally
from tests.reliability.world import World, running

PLATFORMS = ("cloopen", "baidu", "aliyun", "tencent")
# A repeat of the same request texts nobody twice; the others offer nothing of the kind.
REPEATING = PLATFORMS[:2]
FAULTS = ("timeout_before", "timeout_after", "reset", "torn", "http_500")
_PATIENCE = 90  # seconds
_FAULTY = 5  # one request in so many
_AWAY = 1.5  # seconds that a part is gone
_LATE = 8.0  # seconds from a text to its receipt: no lease is held for so long

Part = Literal["Valkey, the broker", "RabbitMQ, the broker", "PostgreSQL", "Redis"]


@dataclass(frozen=True)
class Case:
    """`step`: workers come to grief there. `fault`: every fifth request with one phone suffers it,
    and each with several. `lost`: that part is killed in the middle and comes back. Receipts come
    late, when all that we do by ourselves is done, or not at all."""

    platform: str
    step: str = ""
    fault: str = ""
    lost: Part | None = None
    receipts: bool = False
    postgresql: bool = False  # else SQLite

    @property
    def name(self) -> str:
        what = f"worker {self.step}" if self.step else f"platform: {self.fault}"
        if self.lost:
            what = f"{self.lost}, restarted"
        what += " (on PostgreSQL)" if self.postgresql and not self.lost else ""
        return f"{what}; late receipts" if self.receipts else what

    def wrong(self, seen: Tally, count: int) -> list[str]:
        """What is not as promised; `count` notices were sent."""
        promises = {
            "every notice is one message": seen.messages == count,
            "every message comes to an end": not seen.unfinished,
            "no message is given up": not seen.count("undelivered", "failed", "expired"),
            "no phone is texted twice": not seen.twice,
            "what is sent was texted": not seen.untexted,
            "what is texted and reported is known": not (self.receipts and seen.unheard),
            "a repeat tells": not (self.platform in REPEATING and seen.count("unknown")),
        }
        return [promise for promise, kept in promises.items() if not kept]


def every() -> Iterator[Case]:
    for platform in PLATFORMS:
        late = platform not in REPEATING  # where it is known by a repeat, no receipt is to help
        yield from (Case(platform, step=step, receipts=late) for step in deaths.STEPS)
        yield from (Case(platform, fault=fault, receipts=late) for fault in FAULTS)
    for platform in PLATFORMS:
        # A repeated request has to be the same to the letter, and PostgreSQL keeps no order.
        yield Case(platform, step="killed during the call", postgresql=True)
    for lost in get_args(Part):
        yield Case("cloopen", lost=lost, postgresql=lost == "PostgreSQL")


def run(case: Case, count: int = 200) -> Tally:
    """Raises databases.MissingError where the case needs a server that is not installed."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dadashop-lost-")))
        database = stack.enter_context(postgresql()) if case.postgresql else None
        world = World(place, _broker(case, place), database)
        environment = {"SMS_PROVIDERS": case.platform}
        if case.step:
            environment["RELIABILITY_STEP"] = case.step
            environment["RELIABILITY_DEATHS"] = str(place / "deaths")
            deaths.allot(place / "deaths", singles=2, batches=1)
        # With little to do at once, the queue is long when something is lost.
        latency = 0.2 if case.lost else 0.02
        stack.enter_context(running(world, latency=latency, receipts=case.receipts, **environment))
        return _observe(case, world, count)


def _observe(case: Case, world: World, count: int) -> Tally:
    for phone in mall.spread(count, _FAULTY) if case.fault else ():
        delay = {"delay": 10} if case.fault.startswith("timeout") else {}
        world.fault(provider=case.platform, kind=case.fault, phone=phone, **delay)
    if case.receipts:
        world.fault(provider=case.platform, kind="late_receipt", seconds=_PATIENCE, delay=_LATE)
    started = time.monotonic()
    caller = world.mall(count, _PATIENCE, receipts=case.receipts)
    to_lose = case.lost
    while not caller.ended():
        world.keep_up()
        if to_lose and sum(world.counts().values()) >= count // 5:
            _lose(to_lose, world)
            to_lose = None
        time.sleep(0.05)
    seconds = time.monotonic() - started
    left = [*(world.place / "deaths").iterdir()] if case.step else []
    assert not to_lose, "nothing was lost"
    assert not left, "nobody died"
    return tally(world.rows(), world.counts(), deaths=world.deaths, seconds=seconds)


def _lose(part: Part, world: World) -> None:
    if part == "PostgreSQL" and world.database:
        world.database.crash(_AWAY)
        return
    server = world.redis if part == "Redis" else world.broker
    server.stop()
    time.sleep(_AWAY)
    server.start()


def _broker(case: Case, place: Path) -> Broker:
    own = place / "broker"
    own.mkdir()
    return RabbitMQ(own) if case.lost == "RabbitMQ, the broker" else Forgetful(own)
