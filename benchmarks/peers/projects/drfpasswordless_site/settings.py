"""https://github.com/aaronn/django-rest-framework-passwordless, "Install"; for mobile numbers."""

from startproject import *  # noqa: F403
from startproject import INSTALLED_APPS

ROOT_URLCONF = "drfpasswordless_site.urls"
INSTALLED_APPS = [
    *INSTALLED_APPS,
    "rest_framework",
    "rest_framework.authtoken",
    "drfpasswordless",
    "drfpasswordless_site",
]
AUTH_USER_MODEL = "drfpasswordless_site.User"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ("rest_framework.authentication.TokenAuthentication",)
}
PASSWORDLESS_AUTH = {
    "PASSWORDLESS_AUTH_TYPES": ["MOBILE"],
    "PASSWORDLESS_SMS_CALLBACK": "drfpasswordless_site.urls.keep",
}
