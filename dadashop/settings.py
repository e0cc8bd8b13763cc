"""Settings, every one an environment variable with a default that works on a developer's machine.

DADASHOP_DEBUG=0 means production: the defaults that are unsafe there are then refused by
`manage.py check --deploy` (dadashop/checks.py) and the embedded Valkey will not start.
docs/operations.md lists the variables.
"""

from pathlib import Path

from dadashop import logs, platforms, queues, test_numbers
from dadashop.caches import cache_of, is_replaced
from dadashop.databases import database_of
from dadashop.environment import Env
from dadashop.local_secrets import generated, hashed

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DADASHOP_DATA_DIR", default=str(BASE_DIR / "var")))

DEBUG = env.flag("DADASHOP_DEBUG", default=True)
SECRET_KEY = env(
    "DADASHOP_SECRET_KEY", default="django-insecure-for-development-on-one-machine-only"
)
SECRET_KEY_FALLBACKS = env.list("DADASHOP_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("DADASHOP_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

# The mall's own pages are served from http://127.0.0.1 and call us on another port.
CORS_ALLOWED_ORIGINS = env.list(
    "DADASHOP_CORS_ORIGINS", default=["http://127.0.0.1", "http://localhost"]
)
CORS_EXPOSE_HEADERS = ["Retry-After", "X-Request-ID"]
CORS_ALLOW_METHODS = ["GET", "POST"]

INSTALLED_APPS = [
    "dadashop.apps.DadashopConfig",
    "verifications.apps.VerificationsConfig",
    "corsheaders",
    "dadashop.apps.OperatorsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "drf_spectacular_sidecar",  # the files of the API viewer at /v1/docs
]
# Sessions, cookies and what guards them are for operators' pages alone: whoever calls the API shows
# a token of their own.
MIDDLEWARE = [
    "dadashop.middleware.WatchMiddleware",
    "dadashop.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dadashop.operators.OperatorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",  # ALLOWED_HOSTS, which no answer of the API uses
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "dadashop.urls"
WSGI_APPLICATION = "dadashop.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [  # as the admin needs them
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATA_DIR.mkdir(parents=True, exist_ok=True)


def local_secrets(name: str) -> list[str]:
    """One that this machine has made up and keeps in a file; none in production."""
    return [generated(DATA_DIR / name)] if DEBUG else []


DATABASES = {
    "default": database_of(env("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}"))
}

REDIS_URL = env("REDIS_URL", default="")
CACHES = {"default": cache_of(REDIS_URL, DATA_DIR)}

# Of operators; shoppers' are checked where they register (dadashop/mall.py).
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # a few small files, so there is no collectstatic to forget

# An operator's day; no page but theirs is sent the cookies.
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"

SECURE_REFERRER_POLICY = "no-referrer"
TRUSTED_PROXIES = env.number("DADASHOP_TRUSTED_PROXIES", default=0, most=10)
if not DEBUG:
    SECURE_HSTS_SECONDS = 365 * 86_400
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # whoever ends TLS in front of us redirects to it
]

LOG_FORMAT = env.choice("DADASHOP_LOG_FORMAT", "text", "json", default="text" if DEBUG else "json")
LOGGING = logs.config(LOG_FORMAT, debug=DEBUG)
OTEL = env.flag("DADASHOP_OTEL", default=False)
if OTEL:
    MIDDLEWARE.insert(0, "dadashop.telemetry.TraceMiddleware")

# Unset: messages go out inside the request.
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="") or None
# A worker's own /metrics, where it does not share PROMETHEUS_MULTIPROC_DIR with the web; 0 is none.
WORKER_METRICS_PORT = env.number("DADASHOP_WORKER_METRICS_PORT", default=0, most=65_535)
CELERY_BROKER_TRANSPORT_OPTIONS = queues.transport_options(CELERY_BROKER_URL)
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives its broker, however long that is
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0}
CELERY_TASK_DEFAULT_QUEUE = "codes"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Celery 5.7 gives a count that it lowered back from a thread of the pool, on the connection that
# the main thread reads: after losing RabbitMQ, a busy worker would wait for ever
# (tests/queue/test_busy_worker.py).
CELERY_WORKER_ENABLE_PREFETCH_COUNT_REDUCTION = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Nobody commands workers through the broker. It would also take RabbitMQ a name for each worker.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = queues.beat_schedule()
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

SANDBOX_PORT = env.number("SANDBOX_PORT", default=8883, most=65_535)
SANDBOX_URL = env("SANDBOX_URL", default=f"http://127.0.0.1:{SANDBOX_PORT}")
# The web site that the sandbox's texts of codes are bound to by their last line; "" for none.
SANDBOX_ORIGIN = env("SANDBOX_ORIGIN", default="mall.example.com")

SMS_PROVIDERS = env.list("SMS_PROVIDERS", default=["cloopen"])
SERVICE_KEYS = hashed(env.list("SERVICE_KEYS", default=local_secrets("service_key")))

# Every key and its default stand in verifications/conf.py.
VERIFICATIONS = {
    "TRUSTED_PROXIES": TRUSTED_PROXIES,
    "GUARD": env("DADASHOP_GUARD", default="record"),
    "TEST_NUMBERS": test_numbers.read(env.list("DADASHOP_TEST_NUMBERS", default=[])),
    "CAPTCHA": env("DADASHOP_CAPTCHA", default="adaptive"),
    "PROVIDERS": platforms.providers(env, SANDBOX_URL),
    "PROVIDER_ORDER": SMS_PROVIDERS,
    "TEMPLATES": platforms.templates(env, SMS_PROVIDERS),
    "PRICES": platforms.prices(env),
    "RECEIPT_SECRET": env.list("RECEIPT_SECRET", default=local_secrets("receipt_secret")),
    "SERVICE_KEYS": SERVICE_KEYS.hashes,
    "REDIS_REPLICAS": env.number("REDIS_REPLICAS", default=int(is_replaced(REDIS_URL)), most=9),
}
