"""What belongs to a phone: its owner, and the pickup codes texted to it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class VerifiedPhone(models.Model):
    """A phone that its owner has proved, and whose it is. The database keeps both sides unique."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="verified_phone",
        verbose_name=_("用户"),
    )
    phone = models.CharField(_("手机号码"), max_length=16, unique=True)  # E.164
    verified_at = models.DateTimeField(_("验证时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("已验证手机号")
        verbose_name_plural = _("已验证手机号")

    def __str__(self) -> str:
        return f"{self.phone[:-8]}****{self.phone[-4:]}"


class PickupCode(models.Model):
    """A 提货码: lives for days, needs no Redis, and is redeemed once."""

    order = models.CharField(_("订单号"), max_length=64, unique=True)
    phone = models.CharField(_("手机号码"), max_length=16, db_index=True)  # E.164
    challenge = models.CharField(max_length=24)  # what the code is derived from
    created_at = models.DateTimeField(_("创建时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    texted_at = models.DateTimeField(_("最近发送"))
    redeemed_at = models.DateTimeField(_("提货时间"), null=True)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True)
    failures = models.PositiveSmallIntegerField(default=0)  # wrong guesses since failing_since
    failing_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("提货码")
        verbose_name_plural = _("提货码")
        default_permissions = ("view",)
        permissions = [("cancel_pickupcode", _("取消提货码"))]

    def __str__(self) -> str:
        return self.order
