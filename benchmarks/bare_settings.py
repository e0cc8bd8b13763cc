"""As little Django as there is, on the same Redis and the same pool of connections."""

import os
from pathlib import Path

from dadashop.caches import cache_of

SECRET_KEY = os.environ["DADASHOP_SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.bare"
MIDDLEWARE: list[str] = []
CACHES = {"default": cache_of(os.environ["REDIS_URL"], Path(os.environ["DADASHOP_DATA_DIR"]))}
