"""The lists and budgets that operators set."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .. import entries
from ..models import Budget, ListEntry
from .searching import Admin, PrivateSearch, searched


class Validity(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "valid"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("有效")), ("0", _("已失效"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        over = Q(expires_at__lte=timezone.now())
        if self.value() == "1":
            return queryset.exclude(over)
        return queryset.filter(over) if self.value() == "0" else queryset


class ListEntryForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ListEntry
        fields = ["list", "what", "value", "note", "expires_at"]
        help_texts = {
            "value": _(
                "手机号码：13800138000；号段：170、1380013 或 +852；"
                "IP 地址：203.0.113.7 或 203.0.113.0/24。"
            ),
            "expires_at": _("留空表示一直有效。"),
        }

    def validate_constraints(self) -> None:
        """The entry that is there already is a click away."""
        super().validate_constraints()
        entry = self.instance
        same = ListEntry.objects.filter(list=entry.list, what=entry.what, value=entry.value)
        earlier = same.exclude(pk=entry.pk).first() if self.non_field_errors() else None
        if earlier:
            url = reverse("admin:verifications_listentry_change", args=[earlier.pk])
            link = format_html('<a href="{}">{}</a>', url, _("打开原有的一条"))
            self.add_error(None, ValidationError(link))


@admin.register(ListEntry)
class ListEntryAdmin(PrivateSearch):
    form = ListEntryForm
    list_display = ["shown", "list", "what", "note", "expires_at", "valid", "created_at"]
    list_filter = ["list", "what", Validity]
    search_fields = ["value", "note"]
    search_help_text = _("手机号码、号段、IP 地址或备注")
    ordering = ["-pk"]

    @admin.display(description=_("内容"), ordering="value")
    def shown(self, entry: ListEntry) -> str:
        return entry.shown

    @admin.display(description=_("有效"), boolean=True)
    def valid(self, entry: ListEntry) -> bool:
        return not entry.expired

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A whole phone in any of its forms finds its own entries, and the segments it lies in."""
        try:
            phone = entries.phone(searched(request, search_term))
        except ValidationError:
            return super().get_search_results(request, queryset, search_term)
        prefixes = [phone[:length] for length in range(2, len(phone))]
        return queryset.filter(
            Q(what="phone", value=phone) | Q(what="segment", value__in=prefixes)
        ), False


@admin.register(Budget)
class BudgetAdmin(Admin):
    list_display = ["__str__", "hourly", "daily"]
    fields = ["scope", "hourly", "daily"]
    ordering = ["scope"]
