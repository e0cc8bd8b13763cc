"""What operators set, and all processes go by within a second (verifications/rules.py)."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import conf, entries, phones


class RuleQuerySet(models.QuerySet[Any]):
    """Whatever is changed here moves `revision`, or no process would read it again."""

    def update(self, **values: Any) -> int:
        return super().update(**{"revision": _revision(), **values})

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        for row in rows:
            row.prepare()
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(
        self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any
    ) -> int:
        rows = list(objs)
        for row in rows:
            row.prepare()
        return super().bulk_update(rows, {*fields, "revision"}, *args, **kwargs)


class Rule(models.Model):
    """What operators set, and all processes go by (rules.py).

    `revision` is a random number, another one after every change: their sum tells that something
    has changed, where times would depend on the clocks of several machines.
    """

    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, **how: Any) -> None:
        self.prepare()
        if how.get("update_fields") is not None:
            how["update_fields"] = {*how["update_fields"], "revision"}
        super().save(**how)

    def prepare(self) -> None:
        """What every way of saving does first."""
        self.revision = _revision()


def _revision() -> int:
    return secrets.randbits(31)


class ListEntry(Rule):
    """A phone, a segment of phones or addresses that are never let through, or always."""

    class List(models.TextChoices):
        BLOCK = "block", _("黑名单")
        ALLOW = "allow", _("白名单")

    class What(models.TextChoices):
        PHONE = "phone", _("手机号码")
        SEGMENT = "segment", _("号段")
        ADDRESS = "address", _("IP 地址")

    list = models.CharField(_("名单"), max_length=8, choices=List.choices, default=List.BLOCK)
    what = models.CharField(_("类型"), max_length=8, choices=What.choices, default=What.PHONE)
    value = models.CharField(_("内容"), max_length=64)  # entries.canonical()
    note = models.CharField(_("备注"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("失效时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("名单")
        verbose_name_plural = _("黑白名单")
        constraints = [
            models.UniqueConstraint(
                fields=["list", "what", "value"],
                name="list_entry_once",
                violation_error_message=_("名单里已经有这一条了，请直接修改原有的一条。"),
            )
        ]

    def __str__(self) -> str:
        """Without the number: Django writes this into its log of changes and on its pages."""
        return f"{self.get_list_display()} {self.shown}"

    @property
    def shown(self) -> str:
        """What it is about, for people: a phone is masked."""
        if self.what == self.What.PHONE:
            return phones.mask(self.value)
        return self.value.removeprefix("+86")

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def clean(self) -> None:
        if self.what in self.What.values and self.value:  # else its field says so
            try:
                self.value = entries.canonical(self.what, self.value)
            except ValidationError as error:
                raise ValidationError({"value": error.messages}) from None

    def prepare(self) -> None:
        """Raises ValidationError for a value that nothing would ever match."""
        super().prepare()
        self.value = entries.canonical(self.what, self.value)


class Budget(Rule):
    """What texts may cost in a calendar hour and day: everyone's, or those of one platform."""

    scope = models.CharField(
        _("平台"),
        max_length=32,
        unique=True,
        blank=True,
        help_text=_("留空表示所有平台合计；否则填写平台名称，例如 cloopen。"),
        error_messages={"unique": _("这个平台已经有预算了，请直接修改原有的一条。")},
    )
    hourly = models.DecimalField(
        _("每小时预算（元）"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("留空表示不限。"),
    )
    daily = models.DecimalField(
        _("每日预算（元）"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("留空表示不限。"),
    )

    class Meta:
        verbose_name = _("预算")
        verbose_name_plural = _("预算")

    def __str__(self) -> str:
        return self.scope or str(_("所有平台"))

    def clean(self) -> None:
        known = conf.get().providers
        if self.scope and self.scope not in known:
            raise ValidationError(
                {
                    "scope": _("没有名为“%(name)s”的平台，可填写：%(known)s。")
                    % {"name": self.scope, "known": ", ".join(known)}
                }
            )
        if self.hourly is None and self.daily is None:
            raise ValidationError(_("请至少填写一项预算；不再需要时请删除这一条。"))
        if self.hourly is not None and self.daily is not None and self.hourly > self.daily:
            raise ValidationError({"hourly": _("每小时预算不能超过每日预算。")})
