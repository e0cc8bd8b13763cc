"""The product's settings, without its middleware and with the bare views."""

from benchmarks.queue_settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.floors"
MIDDLEWARE = list[str]()
