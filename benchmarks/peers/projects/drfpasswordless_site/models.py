from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class User(AbstractBaseUser):
    """As in the library's own tests, without the fields for mail."""

    mobile = models.CharField(max_length=17, unique=True, blank=True, null=True)
    is_active = models.BooleanField(default=True)

    objects = BaseUserManager()
    USERNAME_FIELD = "mobile"

    def __str__(self):
        return self.mobile or ""
