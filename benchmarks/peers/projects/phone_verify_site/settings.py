"""https://django-phone-verify.readthedocs.io, "Getting started"."""

from startproject import *  # noqa: F403
from startproject import INSTALLED_APPS

ROOT_URLCONF = "phone_verify_site.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework", "phone_verify"]
PHONE_VERIFICATION = {
    "BACKEND": "phone_verify_site.backend.Keeper",
    "OPTIONS": {},
    "TOKEN_LENGTH": 6,
    "MESSAGE": "Welcome to {app}! Please use security code {security_code} to proceed.",
    "APP_NAME": "Phone Verify",
    "SECURITY_CODE_EXPIRATION_SECONDS": 3600,
    "VERIFY_SECURITY_CODE_ONLY_ONCE": True,
}
