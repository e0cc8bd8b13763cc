"""Operators among themselves: who they are. Shoppers, whose names may be phones, are not here."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class OperatorCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.is_staff = True


admin.site.unregister(User)


@admin.register(User)
class OperatorAdmin(UserAdmin):  # type: ignore[type-arg]
    """Whoever is made here may log in; whoever leaves is switched off (`is_active`)."""

    add_form = OperatorCreationForm
    list_display = ["username", "last_name", "first_name", "is_active", "is_superuser"]
    list_filter = ["is_active", "is_superuser", "groups"]
    search_fields = ["username", "last_name", "first_name"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("姓名"), {"fields": ["last_name", "first_name"]}),
        (_("权限"), {"fields": ["is_active", "is_superuser", "groups", "user_permissions"]}),
        (_("日期"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(is_staff=True)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With a user goes all that the log of changes says of them."""
        return False
