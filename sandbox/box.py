"""The sandbox as one object: the world, the platforms in it, and the server in front."""

import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from sandbox import world as worlds
from sandbox.accounts import CLOOPEN, bound
from sandbox.aliyun import Aliyun
from sandbox.aliyun.accounts import ALIYUN
from sandbox.baidu import Baidu
from sandbox.baidu.accounts import BAIDU
from sandbox.cloopen import Cloopen
from sandbox.server import Server
from sandbox.tencent import Tencent
from sandbox.tencent.accounts import TENCENT


class Sandbox:
    """Runs on `host:port` (port 0: any free one) from `start` to `stop`, or inside a `with`.

    `receipts_to` is where the platforms push their reports, `{provider}` in it standing for the
    platform's name; `latency` how many seconds later each answer of a platform leaves; `tls` the
    PEM files of a certificate and its key; `origin` the host of the web site to which their last
    line binds the texts of codes (WebOTP). Raises OSError if the port is taken or a file is none,
    ValueError if the latency is negative or (TargetError) `receipts_to` is not on this machine.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        clock: Callable[[], datetime] = worlds.now,
        receipts_to: str | None = None,
        receipt_delay: float = worlds.RECEIPT_DELAY,
        latency: float = 0.0,
        tls: tuple[str, str] | None = None,
        origin: str = "",
    ) -> None:
        if not 0 <= latency <= worlds.MAX_LATENCY:
            raise ValueError(f"latency: 0 to {worlds.MAX_LATENCY:g} seconds are expected")
        self.world = worlds.World(clock=clock, receipt_delay=receipt_delay, latency=latency)
        self.world.platforms = (
            Cloopen(self.world, bound(CLOOPEN, origin)),
            Aliyun(self.world, bound(ALIYUN, origin)),
            Tencent(self.world, bound(TENCENT, origin)),
            Baidu(self.world, bound(BAIDU, origin)),
        )
        for platform in self.world.platforms if receipts_to else ():
            url = (receipts_to or "").replace("{provider}", platform.name)
            self.world.receipts.target(platform.name, url)
        self._server = Server(host, port, self.world, tls)
        self._thread = threading.Thread(target=self._server.run, name="sandbox", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens: 'http://127.0.0.1:8883'."""
        return self._server.url

    def start(self) -> None:
        """Serves from a thread of its own."""
        self.world.receipts.start()
        self._thread.start()

    def stop(self) -> None:
        """Stops listening and cuts every connection, hanging ones too. Only after `start`."""
        self._server.stop()
        self._thread.join()
        self.world.receipts.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
