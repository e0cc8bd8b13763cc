"""Reports on the texts that a Fake has sent."""

from verifications import arrivals
from verifications.models import Message
from verifications.providers import Receipt, Text

Told = tuple[bool, str]
GOOD, BAD = (True, "DELIVRD"), (False, "MK:0001")


def their_id(text: Text) -> str:
    """What Fake gave as the platform's id of a text to one phone."""
    return text.request_id + text.phones[0]


def report(text: Text, told: Told, provider: str = "first", **by: str) -> None:
    ids = {"message_id": their_id(text), "request_id": "", **by}
    receipt = Receipt(phone=text.phones[0], delivered=told[0], code=told[1], **ids)
    arrivals.apply(provider, [receipt])


def state() -> tuple[str, str]:
    """(status, reason) of the only message."""
    message = Message.objects.get()
    return message.status, message.reason
