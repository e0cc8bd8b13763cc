"""Settings, every one an environment variable with a default that works on a developer's machine.

DADASHOP_DEBUG=0 means production: the defaults that are unsafe there are then refused by
`manage.py check --deploy` (dadashop/checks.py) and the embedded Valkey will not start.
docs/operations.md lists the variables.
"""

from pathlib import Path

import environ
import pymysql

from dadashop.caches import cache_of

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DADASHOP_DATA_DIR", default=str(BASE_DIR / "var")))

DEBUG = env.bool("DADASHOP_DEBUG", default=True)
SECRET_KEY = env(
    "DADASHOP_SECRET_KEY", default="django-insecure-for-development-on-one-machine-only"
)
SECRET_KEY_FALLBACKS = env.list("DADASHOP_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("DADASHOP_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

# The mall's own pages are served from http://127.0.0.1 and call us on another port.
CORS_ALLOWED_ORIGINS = env.list(
    "DADASHOP_CORS_ORIGINS", default=["http://127.0.0.1", "http://localhost"]
)
CORS_EXPOSE_HEADERS = ["Retry-After"]
CORS_ALLOW_METHODS = ["GET", "POST"]

INSTALLED_APPS = [
    "dadashop.apps.DadashopConfig",
    "verifications.apps.VerificationsConfig",
    "corsheaders",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "drf_spectacular_sidecar",  # the files of the API viewer at /v1/docs
]
# No sessions and no cookies, so no CSRF middleware: whoever calls shows a token of their own.
MIDDLEWARE = [
    "dadashop.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",  # ALLOWED_HOSTS, which no answer of the API uses
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "dadashop.urls"
WSGI_APPLICATION = "dadashop.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
    }
]

DATA_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.mysql":
    pymysql.install_as_MySQLdb()  # the driver in C needs a compiler
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)

REDIS_URL = env("REDIS_URL", default="")
CACHES = {"default": cache_of(REDIS_URL, DATA_DIR)}

AUTH_PASSWORD_VALIDATORS = [
    # The mall's deployed page lets a shopper choose six characters, and cannot be changed.
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 6},
    },
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # a few small files, so there is no collectstatic to forget

SECURE_REFERRER_POLICY = "no-referrer"
TRUSTED_PROXIES = env.int("DADASHOP_TRUSTED_PROXIES", default=0)
if not DEBUG:
    SECURE_HSTS_SECONDS = 365 * 86_400
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # no cookie authenticates anyone
    "security.W008",  # whoever ends TLS in front of us redirects to it
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # A refused code is a 4xx and no news; what refuses them is counted at /metrics.
        "django.request": {"level": "ERROR"},
    },
}

# The local sandbox's account, until CLOOPEN_* names a real one.
SANDBOX_URL = env(
    "SANDBOX_URL", default=f"http://127.0.0.1:{env.int('SANDBOX_PORT', default=8883)}"
)
CLOOPEN_ACCOUNT_SID = env("CLOOPEN_ACCOUNT_SID", default="")
CLOOPEN_BASE_URL = env(
    "CLOOPEN_BASE_URL",
    default="https://app.cloopen.com:8883" if CLOOPEN_ACCOUNT_SID else SANDBOX_URL,
)
_cloopen = (
    {
        "account_sid": CLOOPEN_ACCOUNT_SID,
        "auth_token": env("CLOOPEN_AUTH_TOKEN"),
        "app_id": env("CLOOPEN_APP_ID"),
        "base_url": CLOOPEN_BASE_URL,
    }
    if CLOOPEN_ACCOUNT_SID
    else {
        "account_sid": "8aaf0708000000000123456789abcdef",
        "auth_token": "0123456789abcdef0123456789abcdef",
        "app_id": "8aaf070800000000fedcba9876543210",
        "base_url": CLOOPEN_BASE_URL,
    }
)

# Every key and its default stand in verifications/conf.py.
VERIFICATIONS = {
    "TRUSTED_PROXIES": TRUSTED_PROXIES,
    "PROVIDERS": {
        "cloopen": {"BACKEND": "verifications.providers.cloopen.Cloopen", "OPTIONS": _cloopen},
        "locmem": {"BACKEND": "verifications.providers.locmem.LocMem"},
    },
    "PROVIDER_ORDER": env.list("SMS_PROVIDERS", default=["cloopen"]),
    "TEMPLATES": {
        "default": {"cloopen": env("CLOOPEN_TEMPLATE_ID", default="1"), "locmem": "1"},
    },
}
