"""What became of every text.

A Message is written before it is sent, and moved by conditional UPDATE only, so that a crash, a
retry or two workers neither lose it nor send it twice:

    queued -> sent -> delivered | undelivered
           -> failed | expired
           -> unknown -> delivered | undelivered      (the platform may have taken it)

A message that is `queued` is free or claimed: whoever claims it may send it until `claimed_until`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..ids import uuid7


class Message(models.Model):
    """One text to one phone."""

    class Kind(models.TextChoices):
        CODE = "code", _("验证码")
        PICKUP = "pickup", _("提货码")
        NOTICE = "notice", _("通知")

    class Status(models.TextChoices):
        QUEUED = "queued", _("待发送")
        SENT = "sent", _("已发送")
        DELIVERED = "delivered", _("已送达")
        UNDELIVERED = "undelivered", _("未送达")
        FAILED = "failed", _("发送失败")
        EXPIRED = "expired", _("已过期")
        UNKNOWN = "unknown", _("结果未知")

    class Withheld(models.TextChoices):
        BLOCKED = "blocked", _("号码在黑名单中")
        TEST_NUMBER = "test_number", _("测试号码")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    phone = models.CharField(_("手机号码"), max_length=16)  # E.164
    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices)
    # A purpose, or the name of a notice: what conf.templates and conf.routes go by.
    template = models.CharField(_("模板"), max_length=64)
    params = models.JSONField(_("参数"), default=dict)  # names to texts; never the code
    # Set where it is `sent` to nobody, and why.
    withheld = models.CharField(
        _("未实际发送"), max_length=12, choices=Withheld.choices, blank=True
    )
    # What the code is derived from at the moment of sending (codes.Challenge without its digest).
    challenge = models.CharField(max_length=24, blank=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=Status.choices, default=Status.QUEUED
    )
    # Why it did not go as it should: a platform's or a carrier's code, or a word of ours.
    reason = models.CharField(_("原因"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("创建时间"))
    expires_at = models.DateTimeField(_("有效期至"))  # not sent later than this
    updated_at = models.DateTimeField(_("更新时间"))  # when the status last moved
    due_at = models.DateTimeField()  # the sweep leaves it alone until then
    rounds = models.PositiveSmallIntegerField(default=0)  # times that no platform would take it
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    request_id = ""  # no column: of the web's request, where a worker knows it

    class Meta:
        verbose_name = _("短信")
        verbose_name_plural = _("短信")
        default_permissions = ("view",)  # what was sent is nothing to edit
        permissions = [
            ("unmask_phone", _("查看完整手机号码")),
            ("resend_message", _("重发短信")),
            ("cancel_message", _("取消短信")),
        ]
        indexes = [
            models.Index(fields=["status", "due_at"], name="message_due"),
            models.Index(fields=["phone", "created_at"], name="message_phone"),
            models.Index(fields=["created_at"], name="message_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class DeliveryAttempt(models.Model):
    """One try of one platform; written before the call, so that a crash leaves it `open`."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("进行中")
        SENT = "sent", _("已受理")
        REJECTED = "rejected", _("号码被拒绝")
        UNAVAILABLE = "unavailable", _("未受理")
        UNCERTAIN = "uncertain", _("结果不明")

    class Arrival(models.TextChoices):
        DELIVERED = "delivered", _("已送达")
        UNDELIVERED = "undelivered", _("未送达")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    provider = models.CharField(_("平台"), max_length=32)
    request_id = models.CharField(max_length=32)  # ours; one for all phones of a request
    provider_message_id = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(
        _("结果"), max_length=12, choices=Outcome.choices, default=Outcome.OPEN
    )
    code = models.CharField(_("平台代码"), max_length=64, blank=True)
    latency_ms = models.PositiveIntegerField(_("耗时（毫秒）"), null=True)
    started_at = models.DateTimeField(_("开始时间"))
    arrival = models.CharField(_("状态报告"), max_length=12, choices=Arrival.choices, blank=True)
    arrival_code = models.CharField(_("运营商代码"), max_length=64, blank=True)
    arrived_at = models.DateTimeField(_("报告时间"), null=True)  # when its report was applied

    class Meta:
        verbose_name = _("发送记录")
        verbose_name_plural = _("发送记录")
        default_permissions = ()  # seen with its message
        indexes = [
            models.Index(fields=["provider_message_id", "provider"], name="attempt_their_id"),
            models.Index(fields=["request_id"], name="attempt_our_id"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.outcome}"


class EarlyReceipt(models.Model):
    """A report on a text that we do not know yet: its `sent` may be about to be committed."""

    provider = models.CharField(max_length=32)
    message_id = models.CharField(max_length=64)  # the platform's
    phone = models.CharField(max_length=16)
    delivered = models.BooleanField()
    code = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "message_id", "phone"], name="early_receipt_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.message_id}"


class IdempotencyKey(models.Model):
    """That notify() was called with this key, and what it answered."""

    # Its SHA-256: keys differ by case, which not every database's index sees.
    digest = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=32)  # of what was asked for
    answer = models.JSONField()  # [[message id or null, phone, status, refusal]]
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest
