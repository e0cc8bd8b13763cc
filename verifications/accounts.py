"""From a verified phone to a user: what follows a right code for login or register; tokens."""

import hmac
import secrets
import time
from typing import Any

import jwt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from . import conf
from .database import reachable
from .exceptions import AlreadyRegistered, InvalidRequest, NotRegistered, PhoneBlocked
from .models import VerifiedPhone

_ALGORITHM = "HS256"


def create_user(phone: str, **fields: Any) -> AbstractBaseUser:
    """A user for a new phone: a random name unless `fields` has one, no password unless given.

    The setting CREATE_USER names another callable of this shape.
    """
    model = get_user_model()
    fields.setdefault(model.USERNAME_FIELD, f"dada_{secrets.token_hex(5)}")
    user: AbstractBaseUser = model._default_manager.create_user(**fields)
    return user


def log_in(phone: str) -> tuple[AbstractBaseUser, bool]:
    """(the phone's user, True if made just now). Raises NotRegistered or PhoneBlocked."""
    with reachable():
        if user := _user_of(phone):
            return _active(user), False
        if not conf.get().create_on_login:
            raise NotRegistered
        try:
            return _create(phone), True
        except IntegrityError:  # another request has just made it
            if user := _user_of(phone):
                return _active(user), False
            raise


def register(phone: str, **fields: Any) -> AbstractBaseUser:
    """A new user for a phone; `fields` go to CREATE_USER. Raises AlreadyRegistered.

    InvalidRequest says that another user has the username; then nothing was made.
    """
    with reachable():
        if _user_of(phone):
            raise AlreadyRegistered
        try:
            return _create(phone, **fields)
        except IntegrityError:
            if _user_of(phone):
                raise AlreadyRegistered from None
            raise InvalidRequest(
                [{"field": "username", "message": _("用户名已被使用，请换一个。")}]
            ) from None


def _create(phone: str, **fields: Any) -> AbstractBaseUser:
    with transaction.atomic():
        user: AbstractBaseUser = import_string(conf.get().create_user)(phone, **fields)
        VerifiedPhone.objects.create(user=user, phone=phone)  # type: ignore[misc]
    return user


def _user_of(phone: str) -> AbstractBaseUser | None:
    """By hand: to write this statement takes the ORM longer than the database to answer it."""
    model, quote = get_user_model(), connection.ops.quote_name
    owners = model._default_manager.raw(
        f"SELECT owner.* FROM {quote(model._meta.db_table)} AS owner "  # noqa: S608  # nosec B608
        "JOIN verifications_verifiedphone AS known "
        f"ON known.user_id = owner.{quote(str(model._meta.pk.column))} WHERE known.phone = %s",
        [phone],
    )
    return next(iter(owners), None)


def _active(user: AbstractBaseUser) -> AbstractBaseUser:
    if not user.is_active:
        raise PhoneBlocked
    return user


def issue_token(user: AbstractBaseUser) -> str:
    """A JWT for `user`: sub, iat, exp (TOKEN_TTL), jti; signed by a key made from SECRET_KEY."""
    now = int(time.time())
    claims = {
        "sub": str(user.pk),
        "iat": now,
        "exp": now + conf.get().token_ttl,
        "jti": secrets.token_urlsafe(12),
    }
    return jwt.encode(claims, _token_keys()[0], _ALGORITHM)


def user_of_token(token: str) -> AbstractBaseUser | None:
    """The active user that a token of ours names, under any key in service; None for all else."""
    for key in _token_keys():
        try:
            claims = jwt.decode(
                token, key, [_ALGORITHM], options={"require": ["sub", "iat", "exp", "jti"]}
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.InvalidTokenError:
            return None
        with reachable():
            return (
                get_user_model()._default_manager.filter(pk=claims["sub"], is_active=True).first()
            )
    return None


def phone_of(user: AbstractBaseUser) -> str | None:
    """The user's verified phone (E.164)."""
    with reachable():
        return VerifiedPhone.objects.filter(user_id=user.pk).values_list("phone", flat=True).first()


def _token_keys() -> list[bytes]:
    secrets_in_service = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [
        hmac.digest(key.encode() if isinstance(key, str) else key, b"verifications.token", "sha256")
        for key in secrets_in_service
    ]
