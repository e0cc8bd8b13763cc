"""How often somebody may try a thing, exactly: `most` times in any stretch of so many seconds."""

from . import codes, scripts, store
from .exceptions import RateLimited


def hit(kind: str, who: str, limit: tuple[int, int]) -> None:
    """Count a try of `who` (an address) at `kind`, before anything else is done for it.

    Raises RateLimited, and then it was not counted: whoever waits `retry_after` gets through.
    Raises Unavailable where nothing can be counted.
    """
    most, seconds = limit
    key = store.shared_key(kind, codes.pseudonym(who))
    if wait := scripts.run("throttle", [key], store.ahead_ms, most, seconds * 1000):
        raise RateLimited("ip", -(-wait // 1000))
