"""From a text to a platform: try them in order, by the three kinds of failure."""

import logging
import secrets
import time
from collections.abc import Mapping
from typing import Literal, NamedTuple

from . import conf, exceptions, metrics, providers

logger = logging.getLogger(__name__)


class Delivery(NamedTuple):
    """`unknown`: the platform may or may not have taken the text."""

    status: Literal["sent", "unknown"]
    provider: str


def deliver_code(phone: str, purpose: str, params: Mapping[str, str]) -> Delivery:
    """Hand a code to the first platform that takes it; `params` fill the template, in its order.

    After an uncertain try the next platform is asked too: it carries the same code.

    Raises DeliveryFailed when every platform refused it or the phone is bad, Unavailable when
    none could be reached: then no text is on its way.
    """
    settings = conf.get()
    templates = settings.templates.get(purpose) or settings.templates["default"]
    uncertain: Delivery | None = None
    refused = False
    for provider in providers.in_order():
        text = providers.Text([phone], templates[provider.name], params, secrets.token_hex(16))
        try:
            _attempt(provider, text)
        except providers.Rejected:
            raise exceptions.DeliveryFailed from None
        except providers.Uncertain:
            uncertain = Delivery("unknown", provider.name)
        except providers.Unavailable as error:
            refused = refused or not isinstance(error, providers.Unreachable)
        else:
            return Delivery("sent", provider.name)
    if uncertain:
        return uncertain
    raise exceptions.DeliveryFailed if refused else exceptions.Unavailable


def _attempt(provider: providers.Provider, text: providers.Text) -> None:
    started = time.perf_counter()
    outcome = "sent"
    try:
        provider.send(text)
    except providers.SendError as error:
        outcome = type(error).__name__.lower()
        logger.warning("%s: %s: %s", provider.name, outcome, error)
        raise
    finally:
        metrics.ATTEMPTS.labels(provider.name, outcome).observe(time.perf_counter() - started)
