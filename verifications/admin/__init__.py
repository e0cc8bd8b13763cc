"""Pages for operators, in Django's admin. No phone stands in a list, a URL or a log of changes."""

from .dashboard import DashboardAdmin
from .messages import MessageAdmin
from .pickups import PickupCodeAdmin
from .rules import BudgetAdmin, ListEntryAdmin

__all__ = ["BudgetAdmin", "DashboardAdmin", "ListEntryAdmin", "MessageAdmin", "PickupCodeAdmin"]
