"""What the database keeps."""

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
