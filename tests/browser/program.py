"""The browser, found without Django: `make test` asks before there is any."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)
