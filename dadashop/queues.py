"""CELERY_BROKER_URL -> how its client behaves: it fails fast, and loses nothing on the way."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

_SCHEMES = ("redis", "rediss", "redis+socket", "sentinel", "amqp", "amqps")
# Seconds for each word of the broker's. A call that is given up too early may reach a worker all
# the same, which then finds nothing to do.
_PATIENCE = 1


def transport_options(broker_url: str | None) -> dict[str, Any]:
    """CELERY_BROKER_TRANSPORT_OPTIONS, Redis or RabbitMQ."""
    scheme = (broker_url or "redis:").partition(":")[0]
    if scheme not in _SCHEMES:  # the rest of it may hold a password
        raise ImproperlyConfigured(f"CELERY_BROKER_URL: one of {', '.join(_SCHEMES)} is expected")
    if scheme in {"amqp", "amqps"}:
        return {
            "confirm_publish": True,
            "read_timeout": _PATIENCE,
            "write_timeout": _PATIENCE,
        }
    return {
        "socket_connect_timeout": _PATIENCE,
        "socket_timeout": _PATIENCE,
        # Longer than any task takes; what a dead worker held, the sweep brings back much earlier.
        "visibility_timeout": 600,
    }


def beat_schedule() -> dict[str, dict[str, Any]]:
    """What beat puts into the queue; what nobody has worked off by the next tick is dropped."""

    def every(seconds: float, task: str) -> dict[str, Any]:
        options = {"queue": "codes", "expires": seconds}
        return {"task": f"verifications.{task}", "schedule": seconds, "options": options}

    return {
        "sweep": every(5.0, "sweep"),
        "pull_receipts": every(30.0, "pull_receipts"),
        "forget": every(3600.0, "forget"),
        "roll_up": every(60.0, "roll_up"),
    }
