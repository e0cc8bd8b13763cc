"""Filters of long lists: each by an index, or within the days that the list shows."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .. import conf
from ..models import DeliveryAttempt


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than MOST, as counting ten million rows takes seconds."""

    MOST = 10_000

    @cached_property
    def _counted(self) -> int:
        # Sorted or not, they are as many.
        rows = cast("QuerySet[Any]", self.object_list)
        return rows.order_by()[: self.MOST + 1].count()

    @property
    def count(self) -> int:
        return min(self._counted, self.MOST)

    @property
    def more(self) -> bool:
        return self._counted > self.MOST


class Days(admin.ListFilter):
    """Of `created_at`: the latest days, or from one date to another, both included. Without it the
    list has the last seven days, or a rare status would be looked for in all there are."""

    title = _("创建时间")
    template = "admin/verifications/days_filter.html"
    _CHOICES = (("1", _("今天")), ("7", _("近 7 天")), ("30", _("近 30 天")), ("all", _("全部")))
    _NAMES = ("days", "from", "to")

    def __init__(
        self, request: HttpRequest, params: dict[str, list[str]], model: Any, model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self.used = {name: params.pop(name)[-1] for name in self._NAMES if name in params}
        self._default = "all" if request.GET.get(SEARCH_VAR) else "7"
        self.kept: list[tuple[str, str]] = []

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [*self._NAMES]

    @property
    def chosen(self) -> str:
        """One of the choices; "" for dates."""
        dated = self.used.get("from") or self.used.get("to")
        return "" if dated else self.used.get("days", self._default)

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        others = [(k, v) for k, v in changelist.filter_params.items() if k not in self._NAMES]
        self.kept = [(name, value) for name, values in others for value in values]
        for value, words in self._CHOICES:
            query = changelist.get_query_string({"days": value}, ["from", "to"])
            yield {"selected": self.chosen == value, "query_string": query, "display": words}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        try:
            start, end = self._bounds()
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error
        if start:
            queryset = queryset.filter(created_at__gte=start)
        return queryset.filter(created_at__lt=end) if end else queryset

    def _bounds(self) -> tuple[datetime | None, datetime | None]:
        if not self.chosen:
            first, last = self.used.get("from"), self.used.get("to")
            end = _midnight(date.fromisoformat(last) + timedelta(days=1)) if last else None
            return (_midnight(date.fromisoformat(first)) if first else None), end
        if self.chosen == "all":
            return None, None
        today = timezone.localdate()
        return _midnight(today - timedelta(days=int(self.chosen) - 1)), None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


class Template(admin.SimpleListFilter):
    title = _("模板")
    parameter_name = "template"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Of the settings: to ask the table which it has would read all of it."""
        settings = conf.get()
        names = dict.fromkeys([*settings.purposes, *settings.templates])
        return [(name, name) for name in names if name != "default"]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(template=self.value()) if self.value() else queryset


class Platform(admin.SimpleListFilter):
    title = _("平台")
    parameter_name = "provider"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, name) for name in conf.get().providers]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Whichever was asked, whether it took the text or not."""
        if not self.value():
            return queryset
        tries = DeliveryAttempt.objects.filter(message=OuterRef("pk"), provider=self.value())
        return queryset.filter(Exists(tries))
