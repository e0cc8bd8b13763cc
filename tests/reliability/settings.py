"""The product with short leases, at any hour, on platforms whose worker may die (mortal.py)."""

from typing import Any

from dadashop.settings import *  # noqa: F403
from dadashop.settings import VERIFICATIONS, env

_DEATH = {
    "step": env("RELIABILITY_STEP", default=""),
    "deaths": env("RELIABILITY_DEATHS", default=""),
    "timeout": (1.0, 1.0),
}


def _mortal(platform: dict[str, Any]) -> dict[str, Any]:
    options = {"backend": platform["BACKEND"], **platform["OPTIONS"], **_DEATH}
    return {"BACKEND": "tests.reliability.mortal.Mortal", "OPTIONS": options}


VERIFICATIONS = {
    **VERIFICATIONS,
    "PROVIDERS": {
        name: _mortal(platform)
        for name, platform in VERIFICATIONS["PROVIDERS"].items()
        if name != "locmem"
    },
    "CLAIM_TTL": 5,
    "REQUEUE_AFTER": 3,
    "QUIET_HOURS": None,
}
