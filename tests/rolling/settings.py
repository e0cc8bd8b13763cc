"""The product at any hour and on any machine: what is slow is waited for, or a text would go out
twice for want of time, and codes and cooldowns outlive a test."""

from typing import Any

from dadashop.settings import *  # noqa: F403
from dadashop.settings import VERIFICATIONS


def _patient(name: str, platform: dict[str, Any]) -> dict[str, Any]:
    if name == "locmem":
        return platform
    return {**platform, "OPTIONS": {**platform["OPTIONS"], "timeout": (20.0, 30.0)}}


VERIFICATIONS = {
    **VERIFICATIONS,
    "PROVIDERS": {
        name: _patient(name, platform) for name, platform in VERIFICATIONS["PROVIDERS"].items()
    },
    "BREAKER": [5, 2],
    "QUIET_HOURS": None,
    "CODE_TTL": 900,
    "CODE_MAX_LIFE": 900,
    "RESEND_INTERVAL": 600,
    "REQUEUE_AFTER": 10,
    # All are asked for from one address.
    "IP_LIMITS": [],
    "PREFIX_LIMITS": [],
}
