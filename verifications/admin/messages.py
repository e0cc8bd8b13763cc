"""The log of texts: found by phone, id, state, platform and time; each with its whole story."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .. import entries, operations, reasons, story
from ..models import DeliveryAttempt, EarlyReceipt, Message
from .filters import Days, Platform, Template
from .records import Act, RecordAdmin, badge
from .searching import searched

_TONES = {
    "queued": "plain",
    "sent": "plain",
    "delivered": "good",
    "undelivered": "bad",
    "failed": "bad",
    "expired": "bad",
    "unknown": "doubt",
}
_MOST_OTHERS = 10

RESEND = Act(
    "resend",
    _("重发"),
    _("通知作为新短信发送，内容不变；提货码原样再发一次。黑名单、安静时段和重发间隔照常有效。"),
    _("已重发 %(n)d 条。"),
    operations.may_resend,
    operations.resend,
)
CANCEL = Act(
    "cancel",
    _("取消发送"),
    _("还没有进程处理的短信不再发送；已经交给平台的无法收回。"),
    _("已取消 %(n)d 条。"),
    operations.may_cancel,
    operations.cancel,
)


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    page_template = "admin/verifications/message.html"
    everything = "?days=all"
    list_display = ["masked", "created", "status_", "what", "platform", "why"]
    list_filter = [Days, "status", "kind", Template, Platform, "withheld"]
    filters = ("days", "from", "to", "status__exact", "kind__exact", "template", "provider",
               "withheld__exact")  # fmt: skip
    search_fields = ["pk"]
    search_help_text = _("完整的手机号码或短信编号")
    ordering = ["-created_at"]
    actions = ["resend", "cancel"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        tries = DeliveryAttempt.objects.order_by("started_at")
        return super().get_queryset(request).prefetch_related(Prefetch("attempts", tries))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = searched(request, search_term)
        if not term:
            return queryset, False
        try:
            return queryset.filter(_exactly(term)), False
        except ValidationError:
            if request.method == "GET":
                words = _("请填写完整的手机号码或短信编号。")
                self.message_user(request, words, messages.WARNING)
            return queryset.none(), False

    # Methods, since a column that is a field could be sorted by, and most have no index.
    @admin.display(description=_("类型"))
    def what(self, message: Message) -> str:
        return f"{message.get_kind_display()} {message.template}"

    @admin.display(description=_("状态"))
    def status_(self, message: Message) -> SafeString:
        return badge(_TONES[message.status], message.get_status_display())

    @admin.display(description=_("平台"), empty_value="–")
    def platform(self, message: Message) -> str | None:
        tries = list(message.attempts.all())
        return tries[-1].provider if tries else None

    @admin.display(description=_("原因"), empty_value="")
    def why(self, message: Message) -> str:
        return reasons.of_message(message)

    @admin.display(description=_("创建时间"), ordering="created_at")
    def created(self, message: Message) -> str:
        return date_format(timezone.localtime(message.created_at), "Y-m-d H:i:s")

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("verifications.resend_message")

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("verifications.cancel_message")

    @admin.action(description=_("重发所选的短信"), permissions=["resend"])
    def resend(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return self.perform(request, queryset, RESEND)

    @admin.action(description=_("取消发送所选的短信"), permissions=["cancel"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return self.perform(request, queryset, CANCEL)

    def named(self, row: Message) -> str:
        return f"{self.what(row)} · {self.created(row)}"

    def acts_of(self, request: HttpRequest, row: Message) -> list[Act]:
        acts = []
        if self.has_resend_permission(request) and operations.is_resendable(row):
            acts.append(RESEND)
        if self.has_cancel_permission(request) and row.status == Message.Status.QUEUED:
            acts.append(CANCEL)
        return acts

    def facts_of(self, row: Message) -> list[tuple[Any, Any]]:
        facts = [
            (_("状态"), self.status_(row)),
            (_("原因"), self.why(row)),
            (_("类型"), self.what(row)),
            (_("创建时间"), self.created(row)),
            (_("短信编号"), row.pk),
        ]
        if row.kind != Message.Kind.CODE:  # of which it says the minutes alone
            facts += [(name, value) for name, value in row.params.items()]
        return [(label, value) for label, value in facts if value]

    def more_of(self, request: HttpRequest, row: Message) -> dict[str, Any]:
        tries = list(row.attempts.all())
        others = Message.objects.filter(phone=row.phone).exclude(pk=row.pk)
        return {
            "story": story.tell(row, tries, _early(row, tries), timezone.now()),
            "others": [
                (other, self.status_(other), self.created(other), self.why(other))
                for other in others.order_by("-created_at")[:_MOST_OTHERS]
            ],
            "explained": row.kind == Message.Kind.CODE and self.has_resend_permission(request),
        }


def _exactly(term: str) -> Q:
    """By id or phone. Raises ValidationError for what is neither."""
    try:
        return Q(pk=UUID(term))
    except ValueError:
        return Q(phone=entries.phone(term))


def _early(message: Message, tries: list[DeliveryAttempt]) -> QuerySet[EarlyReceipt]:
    """Reports on it that nobody has applied yet."""
    ids = {name for one in tries for name in (one.provider_message_id, one.request_id) if name}
    return EarlyReceipt.objects.filter(
        provider__in={one.provider for one in tries}, message_id__in=ids, phone=message.phone
    )
