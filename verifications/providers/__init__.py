"""SMS platforms, one file each. docs/providers.md says how to add one."""

from functools import lru_cache

from django.utils.module_loading import import_string

from verifications import conf

from .base import (
    Accepted,
    Check,
    Provider,
    Rejected,
    SendError,
    Text,
    Unavailable,
    Uncertain,
    Unreachable,
)

__all__ = [
    "Accepted",
    "Check",
    "Provider",
    "Rejected",
    "SendError",
    "Text",
    "Unavailable",
    "Uncertain",
    "Unreachable",
    "in_order",
]


@lru_cache(maxsize=2)
def _build(settings: conf.Conf) -> tuple[Provider, ...]:
    entries = (settings.providers[name] for name in settings.provider_order)
    return tuple(import_string(entry.backend)(**entry.options) for entry in entries)


def in_order() -> tuple[Provider, ...]:
    """The platforms to try, the preferred one first; built once a process."""
    return _build(conf.get())
