"""提货码 as staff see them: whose, since when, and whether they still open something. No codes."""

from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .. import entries, operations
from ..models import Message, PickupCode
from .records import Act, RecordAdmin, badge
from .searching import searched

CANCEL = Act(
    "cancel",
    _("取消提货码"),
    _("顾客手里的提货码立即作废。如需再次提货，请由商城重新发出。"),
    _("已取消 %(n)d 个提货码。"),
    operations.may_cancel_pickup,
    operations.cancel_pickup,
)


class State(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("live", _("待提货")),
            ("redeemed", _("已提货")),
            ("cancelled", _("已取消")),
            ("expired", _("已过期")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        open_ = Q(redeemed_at=None, cancelled_at=None)
        states = {
            "live": open_ & Q(expires_at__gt=timezone.now()),
            "redeemed": Q(redeemed_at__isnull=False),
            "cancelled": Q(cancelled_at__isnull=False, redeemed_at=None),
            "expired": open_ & Q(expires_at__lte=timezone.now()),
        }
        return queryset.filter(states.get(self.value() or "", Q()))


@admin.register(PickupCode)
class PickupCodeAdmin(RecordAdmin):
    page_template = "admin/verifications/pickup.html"
    list_display = ["order_", "masked", "state", "created", "expires", "texted", "redeemed"]
    list_filter = [State]
    filters = ("state",)
    search_fields = ["pk"]
    search_help_text = _("完整的订单号或手机号码")
    ordering = ["-pk"]
    actions = ["cancel"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = searched(request, search_term)
        if not term:
            return queryset, False
        wanted = Q(order=term)
        with suppress(ValidationError):
            wanted |= Q(phone=entries.phone(term))
        return queryset.filter(wanted), False

    @admin.display(description=_("订单号"))
    def order_(self, code: PickupCode) -> str:
        return code.order

    @admin.display(description=_("状态"))
    def state(self, code: PickupCode) -> SafeString:
        if code.redeemed_at:
            return badge("good", _("已提货"))
        if code.cancelled_at:
            return badge("bad", _("已取消"))
        if code.expires_at <= timezone.now():
            return badge("bad", _("已过期"))
        return badge("plain", _("待提货"))

    @admin.display(description=_("创建时间"))
    def created(self, code: PickupCode) -> str:
        return _shown(code.created_at)

    @admin.display(description=_("有效期至"))
    def expires(self, code: PickupCode) -> str:
        return _shown(code.expires_at)

    @admin.display(description=_("最近发送"))
    def texted(self, code: PickupCode) -> str:
        return _shown(code.texted_at)

    @admin.display(description=_("提货时间"))
    def redeemed(self, code: PickupCode) -> str:
        return _shown(code.redeemed_at)

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("verifications.cancel_pickupcode")

    @admin.action(description=_("取消所选的提货码"), permissions=["cancel"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return self.perform(request, queryset, CANCEL)

    def acts_of(self, request: HttpRequest, row: PickupCode) -> list[Act]:
        open_ = operations.may_cancel_pickup(row).ok
        return [CANCEL] if open_ and self.has_cancel_permission(request) else []

    def facts_of(self, row: PickupCode) -> list[tuple[Any, Any]]:
        facts = [
            (_("状态"), self.state(row)),
            (_("订单号"), row.order),
            (_("创建时间"), _shown(row.created_at)),
            (_("有效期至"), _shown(row.expires_at)),
            (_("最近发送"), _shown(row.texted_at)),
            (_("提货时间"), _shown(row.redeemed_at)),
            (_("取消时间"), _shown(row.cancelled_at)),
            (_("错误次数"), row.failures),
        ]
        return [(label, value) for label, value in facts if value]

    def more_of(self, request: HttpRequest, row: PickupCode) -> dict[str, Any]:
        """Its texts, for those who may see texts."""
        if not request.user.has_perm("verifications.view_message"):
            return {}
        texts = Message.objects.filter(phone=row.phone, challenge=row.challenge)
        return {"texts": texts.order_by("-created_at")[:20]}


def _shown(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "Y-m-d H:i:s") if moment else ""
