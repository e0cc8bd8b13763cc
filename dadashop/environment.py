"""The environment, read strictly: what cannot be understood is refused, by its variable's name and
without its value, which may be a secret."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import environ
from django.core.exceptions import ImproperlyConfigured

_WORDS = {"1": True, "true": True, "yes": True, "on": True}
_WORDS |= {"0": False, "false": False, "no": False, "off": False}


class Env(environ.Env):  # type: ignore[misc]  # which has no types
    def flag(self, variable: str, *, default: bool) -> bool:
        word = self.str(variable, default=str(default)).strip().lower()
        if word not in _WORDS:
            raise ImproperlyConfigured(f"{variable}: 1 or 0 is expected")
        return _WORDS[word]

    def number(self, variable: str, *, default: int, most: int) -> int:
        """A whole one, from 0 on."""
        word = self.str(variable, default=str(default)).strip()
        if not (word.isascii() and word.isdigit() and int(word) <= most):
            raise ImproperlyConfigured(f"{variable}: a number from 0 to {most} is expected")
        return int(word)

    def choice(self, variable: str, *words: str, default: str) -> str:
        word: str = self.str(variable, default=default)
        if word not in words:
            raise ImproperlyConfigured(f"{variable}: one of {', '.join(words)} is expected")
        return word


@contextmanager
def told_plainly() -> Iterator[None]:
    """A mistake in the settings ends the process with one line, where Python shows its way."""
    try:
        yield
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")
