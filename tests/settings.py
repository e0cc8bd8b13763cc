"""The project's settings, on parts of the tests' own: each worker has a database and a Valkey."""

import atexit
import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from dadashop.caches import cache_of
from dadashop.embedded import embedded
from dadashop.settings import *  # noqa: F403
from dadashop.settings import DATABASES, VERIFICATIONS
from tests.redis.clusters import cluster

DATA_DIR = Path(tempfile.mkdtemp(prefix="dadashop-test-"))
VALKEY = embedded(DATA_DIR).ensure_running()  # a broker of a few tests, too
REDIS_URL = f"unix://{VALKEY}"
if os.environ.get("TEST_REDIS") == "cluster":
    parts = contextlib.ExitStack()
    REDIS_URL = parts.enter_context(cluster()).url
    VERIFICATIONS["REDIS_REPLICAS"] = 1
    atexit.register(parts.close)
CACHES = {"default": cache_of(REDIS_URL, DATA_DIR)}
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)

if "DATABASE_URL" not in os.environ:
    # A file, since the races run in threads, each with a connection of its own.
    DATABASES["default"]["NAME"] = DATA_DIR / "db.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
DATABASES["default"]["CONN_MAX_AGE"] = 0

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No quiet hours, or a test of notices would fail at night.
VERIFICATIONS = {**VERIFICATIONS, "PROVIDER_ORDER": ["locmem"], "QUIET_HOURS": None}
