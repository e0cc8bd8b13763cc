"""The bench's settings with a queue: the same Redis, and no worker while it is timed."""

import os

from benchmarks.settings import *  # noqa: F403

CELERY_BROKER_URL = os.environ["REDIS_URL"].replace("unix:", "redis+socket:")
