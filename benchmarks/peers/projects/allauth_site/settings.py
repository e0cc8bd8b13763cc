"""https://docs.allauth.org: headless, for apps; a login code to a user's phone.

Its limits of 20 codes a minute an address and 3 a phone stay: each shopper here has an address.
"""

from startproject import *  # noqa: F403
from startproject import INSTALLED_APPS, MIDDLEWARE

ROOT_URLCONF = "allauth_site.urls"
INSTALLED_APPS = [
    *INSTALLED_APPS,
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth_site",
]
MIDDLEWARE = [*MIDDLEWARE, "allauth.account.middleware.AccountMiddleware"]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_USER_MODEL = "allauth_site.User"
ALLAUTH_TRUSTED_PROXY_COUNT = 1
HEADLESS_ONLY = True
HEADLESS_FRONTEND_URLS = {"account_signup": "https://app.example.com/account/signup"}
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_ADAPTER = "allauth_site.adapter.Adapter"
