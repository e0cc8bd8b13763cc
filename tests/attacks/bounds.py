"""What each attack may get, at most: the table that docs/security.md quotes.

A bound is on a value of arena.Seen or on what every attack is judged by: `hurt`, honest shoppers
beside it who did not log in, and `errors`, answers 5xx or none.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    what: str
    most: float
    least: float = 0.0

    def holds(self, values: Mapping[str, float]) -> bool:
        return self.least <= values[self.what] <= self.most

    def __str__(self) -> str:
        if self.least == self.most:
            return f"{self.what} = {self.most:g}"
        return f"{self.what} ≤ {self.most:g}"


HONEST = (Bound("hurt", 0), Bound("errors", 0))

BOUNDS: dict[str, tuple[Bound, ...]] = {
    # 5 an hour, 1 in a resend interval (PHONE_LIMITS, RESEND_INTERVAL)
    "bomb a phone": (Bound("texts", 5), Bound("texts too soon", 0), *HONEST),
    # GUARD_BOUNDS: 30 that nobody verifies (10 of a segment), then a captcha; the end at twice that
    "bomb from an address": (Bound("texts", 30), Bound("neighbours hurt", 0), *HONEST),
    "bomb, solving captchas": (Bound("texts", 60), *HONEST),
    "bomb segments": (Bound("texts in a segment", 10), Bound("neighbours hurt", 0), *HONEST),
    # MAX_GUESSES of strangers together, and as many of each address that asked
    "guess a code": (Bound("guesses", 10), Bound("shoppers kept out", 0), *HONEST),
    "guess 1,000 phones": (Bound("guesses at a phone", 10), *HONEST),
    # FAILURE_LIMIT of the asker and of strangers; five askers with a code each, and strangers
    "guess, ask, guess": (Bound("by one asker", 20), Bound("by many askers", 30), *HONEST),
    "replay captchas": (
        Bound("sends by one captcha", 1, 1),
        Bound("sends by no captcha", 0),
        *HONEST,
    ),
    "race": (
        Bound("logins by one code", 1, 1),
        Bound("passes of one proof", 1, 1),
        Bound("提货码 redeemed", 1, 1),
        *HONEST,
    ),
    "forge receipts": (Bound("taken", 0), Bound("messages moved", 0), *HONEST),
    "malformed bodies": (Bound("megabytes grown", 48), *HONEST),
    # With a code a shopper logs in, and where they did before (STRANGER_LIMITS); elsewhere the five
    # texts of an hour may be a stranger's.
    "lock a shopper out": (
        Bound("kept out with a code", 0),
        Bound("kept out at home", 0),
        Bound("lockout, seconds", 3600),
        *HONEST,
    ),
    "slow heads": (Bound("share served", 1, 1), Bound("slowest, seconds", 5)),
    # A body that has begun holds one of the server's threads: all but one may be held ...
    "slow bodies": (Bound("share served", 1, 1), Bound("slowest, seconds", 5)),
    # ... and at all of them nobody is served for as long as it lasts, without a proxy in front.
    "slow bodies everywhere": (Bound("share served afterwards", 1, 1),),
    "slow bodies at nginx": (Bound("share served", 1, 1), Bound("slowest, seconds", 5)),
}
