"""All settings, in one file. Defaults run on one machine out of the box (SQLite, no broker);
growing to PostgreSQL, a broker and several processes is done by environment variables alone.

With DEBUG off, an insecure setting refuses to start and says which.
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from bcp.config import environment

BASE_DIR = Path(__file__).resolve().parents[2]
STATE_DIR = Path(environment.text("STATE_DIR", str(BASE_DIR / "var")))

# Without DEBUG=off this is one person's machine: served on the loopback address only.
DEBUG = environment.flag("DEBUG", True)
ALLOWED_HOSTS = environment.words(
    "ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if DEBUG else []
)
SECRET_KEY = environment.text("SECRET_KEY", "")
if not SECRET_KEY and DEBUG:
    SECRET_KEY = environment.secret_key(STATE_DIR / "secret_key", get_random_secret_key())
# Former keys: what they signed stays valid for as long as they stand here (reporting addresses of
# backup jobs, sessions, links in mails).
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS", [])
HTTPS = environment.flag("HTTPS", not DEBUG)

_insecure = []
if not DEBUG:
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
        _insecure.append("SECRET_KEY must be set to at least 50 random characters")
    if any(len(key) < 50 or len(set(key)) < 5 for key in SECRET_KEY_FALLBACKS):
        _insecure.append("SECRET_KEY_FALLBACKS must have at least 50 random characters each")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        _insecure.append("ALLOWED_HOSTS must name the hosts that serve this site, without *")
    if not HTTPS:
        _insecure.append("HTTPS must not be switched off: cookies would travel in the clear")
if _insecure:
    raise ImproperlyConfigured("Refusing to start insecurely: " + "; ".join(_insecure))

# --- what runs -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # its widget templates, so that ours may stand in front of them
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "bcp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "bcp.config.urls"
WSGI_APPLICATION = "bcp.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database ------------------------------------------------------------------------------

DATABASES = {
    "default": environment.database("DATABASE_URL", f"sqlite:///{STATE_DIR / 'bcp.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Fifty concurrent writers: 82 % errors with the defaults, none with these three.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        " PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;",
    }
    Path(str(DATABASES["default"]["NAME"])).parent.mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Rate limits and cached drawings; with several web processes point it at Redis.
CACHES = {"default": environment.cache("CACHE_URL", "locmemcache://")}

# --- people --------------------------------------------------------------------------------

AUTH_USER_MODEL = "bcp.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "bcp.web.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are proven by the invitation that was mailed
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # or anybody could have us mail anybody
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Limits count by client, and behind the proxy everybody has its address.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if environment.flag("BEHIND_TLS_PROXY", False) else 0
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
INVITATION_VALID_DAYS = 7

# --- sessions, cookies, headers ------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", [])
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("BEHIND_TLS_PROXY", False) else None
)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# --- size limits on what comes from outside ------------------------------------------------

IMPORT_FILE_BYTES = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- language, time, static files ----------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
FORMAT_MODULE_PATH = ["bcp.config.formats"]
LOCALE_PATHS = [BASE_DIR / "bcp" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# --- mail ----------------------------------------------------------------------------------

_email = environment.email("EMAIL_URL", "consolemail://" if DEBUG else "smtp://localhost:25")
EMAIL_BACKEND = str(_email.pop("EMAIL_BACKEND"))
vars().update(_email)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "continuity@localhost")

# --- background work -----------------------------------------------------------------------

CELERY_BROKER_URL = environment.text("CELERY_BROKER_URL", "")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
if not CELERY_BROKER_URL:
    # No broker: messages are files in a folder that web and worker processes of this one
    # machine share. The job rows in the database are the truth either way.
    CELERY_BROKER_URL = "filesystem://localhost"
    _queue = STATE_DIR / "queue"
    for _folder in ("messages", "control"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
    }
else:
    # Whoever asks for a job must not wait for a dead broker: the row waits, the person does not.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.2,
    }
    if CELERY_BROKER_URL.startswith("redis"):
        # The default hides a killed worker's message for an hour.
        CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] = 300
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 5
CELERY_TASK_DEFAULT_QUEUE = environment.text("CELERY_QUEUE", "bcp")
# If no worker answers, the web process starts a helper that does the waiting jobs.
SPARE_WORKER = environment.flag("SPARE_WORKER", True)

# --- API -----------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "bcp.api.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "bcp.api.schema.ApiSchema",
    "DEFAULT_RENDERER_CLASSES": ["bcp.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["bcp.api.parsers.JSONParser"],
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS would list choices; the OpenAPI document says all
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": False,
    "EXCEPTION_HANDLER": "bcp.api.errors.handle",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "1200/minute", "anon": "60/minute"},
    "NUM_PROXIES": 1 if SECURE_PROXY_SSL_HEADER else 0,
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer"}
KNOX_TOKEN_MODEL = "bcp.ApiToken"
MIGRATION_MODULES = {"knox": None}  # its own table would stay empty beside ours
SPECTACULAR_SETTINGS = {
    "TITLE": "Business-continuity planning",
    "VERSION": "1",
    "DESCRIPTION": (
        "Durations are whole minutes and end in `_minutes`; `null` is unknown, never 0. Relations"
        " are keys, with a read-only name beside them. Writes to a record send its ETag in"
        " `If-Match`. Errors are problem details (RFC 9457)."
    ),
    "LICENSE": {"name": "MIT"},
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1/organisations/\{slug\}",
    "COMPONENT_SPLIT_REQUEST": True,
    "PATH_CONVERTER_OVERRIDES": {
        "key": {"type": "string", "pattern": "^[0-9a-z]{12}$"},
        "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
    },
    "ENUM_NAME_OVERRIDES": {
        "CopyKindEnum": "bcp.models.copies.CopyKindChoice",
        "LossStateEnum": "bcp.api.serializers.losses.STATES",
        "CopyVerdictEnum": "bcp.api.serializers.losses.VERDICTS",
        "StandingEnum": "bcp.api.serializers.target_answers.STANDINGS",
        "TargetStateEnum": "bcp.models.targets.TargetState",
        "NeededToEnum": "bcp.models.dependencies.NeededToChoice",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "bcp.api.schema.finish",
    ],
    "SWAGGER_UI_SETTINGS": {"docExpansion": "none", "deepLinking": True},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- logs ----------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"secrets": {"()": "bcp.config.logs.WithoutReportingAddresses"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"bcp": {"level": "INFO"}},
}
