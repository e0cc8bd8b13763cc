"""`manage.py make_groups`: three groups of operators, to put people into."""

from typing import Any

from django.contrib.auth.models import Group, Permission

from verifications.management.base import Command as Base

_READER = ("view_message", "view_pickupcode", "view_listentry", "view_budget", "view_dashboard")
_SUPPORT = (*_READER, "unmask_phone", "resend_message", "cancel_pickupcode")
_OPERATOR = (
    *_SUPPORT,
    "cancel_message",
    *(f"{act}_{what}" for what in ("listentry", "budget") for act in ("add", "change", "delete")),
)
GROUPS = {"reader": _READER, "support": _SUPPORT, "operator": _OPERATOR}


class Command(Base):
    help = (
        "Makes the groups reader, support and operator; those that are there keep what they have."
    )
    examples = (("manage.py make_groups", "again after an update: what is new is added"),)

    def handle(self, *args: Any, **options: Any) -> None:
        for name, codenames in GROUPS.items():
            group, new = Group.objects.get_or_create(name=name)
            found = Permission.objects.filter(
                content_type__app_label="verifications", codename__in=codenames
            )
            group.permissions.add(*found)
            self.stdout.write(f"{name:<9} {found.count()} permissions{', new' if new else ''}")
