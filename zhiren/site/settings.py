"""Django's settings. Everything an installation may want to change comes from the environment; see README."""

import os
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF

from zhiren.plumbing import crypto, postgres
from zhiren.site.database import database_settings

# Lets generic classes such as ModelForm[Person] be written at run time too.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent
DATA_DIR = postgres.data_folder()

SECRET_KEY = crypto.key_for("django").hex()
DEBUG = os.environ.get("ZHIREN_DEBUG") == "1"
# A sandbox holds made-up people only; its mail is caught on the machine and never leaves it.
SANDBOX = os.environ.get("ZHIREN_SANDBOX") == "1"
# The address people reach us at, for links in mail. Behind a TLS proxy it begins with https.
PUBLIC_URL = os.environ.get("ZHIREN_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = [host for host in os.environ.get("ZHIREN_HOSTS", "127.0.0.1,localhost").split(",") if host]

INSTALLED_APPS = [
    "zhiren.site",
    "zhiren.operations",
    "zhiren.playbooks",
    "zhiren.connectors",
    "zhiren.today",
    "zhiren.attendance",
    "zhiren.rostering",
    "zhiren.interviews",
    "zhiren.talent",
    "zhiren.screening",
    "zhiren.careers",
    "zhiren.mailbox",
    "zhiren.recruiting",
    "zhiren.leave",
    "zhiren.approvals",
    "zhiren.conversation",
    "zhiren.access",
    "zhiren.people",
    "zhiren.org",
    "zhiren.timeline",
    "zhiren.plumbing",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhiren.access.middleware.ActorMiddleware",
    "zhiren.site.middleware.SafeAnswerMiddleware",
]

ROOT_URLCONF = "zhiren.site.urls"
WSGI_APPLICATION = "zhiren.site.wsgi.application"

_loaders: list[Any] = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _loaders if DEBUG else [("django.template.loaders.cached.Loader", _loaders)],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "zhiren.site.context.shell",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "zhiren.site.templatetags.components",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "zhiren.site.templatetags.words",
            ],
        },
    }
]
COTTON_DIR = "cotton"

DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["zhiren.access.adapters.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "zhiren.access.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Zhiren"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "plumbing_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # with the usual 300 whoever tries often enough makes room for themselves
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
FORMAT_MODULE_PATH = ["zhiren.site.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "assets_built"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "zhiren.site.assets.HashedAssets"},
}
WHITENOISE_MAX_AGE = 31536000

# What a page may load: our own files, and the few inline scripts that carry this answer's nonce.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("ZHIREN_BEHIND_PROXY") == "1" else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "zhiren_session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "zhiren_csrf"
SESSION_ENGINE = "zhiren.access.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "zhiren.site.errors.csrf_failed"

# Files above this are written to disk while they arrive; the limits proper are the services'.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 500

# Outgoing mail. Nothing is sent until ZHIREN_SMTP_HOST is set.
SMTP = {
    "host": os.environ.get("ZHIREN_SMTP_HOST", ""),
    "port": int(os.environ.get("ZHIREN_SMTP_PORT", "587")),
    "user": os.environ.get("ZHIREN_SMTP_USER", ""),
    "password": os.environ.get("ZHIREN_SMTP_PASSWORD", ""),
    "tls": os.environ.get("ZHIREN_SMTP_TLS", "starttls"),  # starttls | tls | none
    "sender": os.environ.get("ZHIREN_SMTP_SENDER", ""),
    "timeout": int(os.environ.get("ZHIREN_SMTP_TIMEOUT", "15")),  # seconds of silence
}
# Where the sandbox keeps the mail it caught (a Maildir).
CAUGHT_MAIL_DIR = DATA_DIR / "caught-mail"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING_CONFIG = "zhiren.site.logs.configure"
LOGGING: dict[str, Any] = {"level": os.environ.get("ZHIREN_LOG_LEVEL", "INFO")}

SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"] if not SECURE else []
