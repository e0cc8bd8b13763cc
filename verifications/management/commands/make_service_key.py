"""`manage.py make_service_key`: a key for another service, and what SERVICE_KEYS holds of it."""

from typing import Any

from verifications import service_keys
from verifications.management import base


class Command(base.Command):
    help = "Makes up a service key. It is shown this once and kept nowhere."
    examples = (("manage.py make_service_key", "for one more service, or instead of an old key"),)

    def handle(self, *args: Any, **options: Any) -> None:
        key = service_keys.new()
        self.stdout.write(f"The service shows:     Authorization: Bearer {key}")
        self.stdout.write(f"SERVICE_KEYS holds:    {service_keys.hash_of(key)}")
