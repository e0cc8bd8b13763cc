"""What the worker and the caller of notify() run on: a platform that speaks TLS, and a queue."""

import os

from benchmarks.settings import *  # noqa: F403
from benchmarks.settings import VERIFICATIONS

VERIFICATIONS = {
    **VERIFICATIONS,
    "PROVIDERS": {
        "cloopen": {
            "BACKEND": "benchmarks.platform.TrustingCloopen",
            "OPTIONS": {
                **VERIFICATIONS["PROVIDERS"]["cloopen"]["OPTIONS"],
                "authority": os.environ["DADASHOP_BENCH_AUTHORITY"],
            },
        }
    },
    "PROVIDER_ORDER": ["cloopen"],
    "CONCURRENCY": 64,
}
