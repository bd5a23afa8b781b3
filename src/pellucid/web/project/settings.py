"""Django's settings. What differs from place to place comes from the environment (``environment.py``)."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from pellucid.web.project.environment import read

ENVIRONMENT = read()
FOLDER = ENVIRONMENT.folder
DEMO = ENVIRONMENT.demo
WEB = Path(__file__).resolve().parent.parent

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key or ("demo-only-" + "not-a-secret-" * 4 if DEMO else "")
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.origin] if ENVIRONMENT.origin.startswith("https://") else []
ORIGIN = ENVIRONMENT.origin

INSTALLED_APPS = [
    "pellucid.web.ui",
    "pellucid.web.audit",
    "pellucid.web.sites",
    "pellucid.web.jobs",
    "pellucid.web.outbox",
    "pellucid.web.accounts",
    "pellucid.web.records",
    "pellucid.web.portal",
    "pellucid.web.clinic",
    "pellucid.web.project",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
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
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pellucid.web.accounts.middleware.DefaultDenyMiddleware",
]

ROOT_URLCONF = "pellucid.web.project.urls"
WSGI_APPLICATION = "pellucid.web.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "pellucid.web.ui.context.page",
            ],
            "builtins": ["pellucid.web.ui.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "pellucid.web.ui.forms.Renderer"

DATABASES = {"default": dict(ENVIRONMENT.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["pellucid.web.accounts.backend.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/me/"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hant", "繁體中文")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "pellucid.web.ui.views.csrf_failure"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = FOLDER / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FOLDER / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EMAIL_BACKEND = "pellucid.web.outbox.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from

SECURE_SSL_REDIRECT = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = ["^healthz$"]
SECURE_HSTS_SECONDS = 0 if DEMO else int(timedelta(days=365).total_seconds())
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_HSTS_PRELOAD = not DEMO
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = not DEMO
CSRF_COOKIE_SECURE = not DEMO
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "pellucid.web.ui.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
ACCOUNT_ADAPTER = "pellucid.web.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = int(timedelta(minutes=10).total_seconds())
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = ACCOUNT_LOGIN_BY_CODE_FORMAT
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,15/h/key", "confirm_login_code": "10/10m/key"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_FORMS = {
    "login": "pellucid.web.accounts.forms.SignInForm",
    "confirm_login_code": "pellucid.web.accounts.forms.CodeForm",
}
MFA_ADAPTER = "pellucid.web.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
MFA_FORMS = {
    "authenticate": "pellucid.web.accounts.forms.SecondFactorForm",
    "reauthenticate": "pellucid.web.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "pellucid.web.accounts.forms.AppForm",
    "add_webauthn": "pellucid.web.accounts.forms.PasskeyForm",
    "edit_webauthn": "pellucid.web.accounts.forms.PasskeyNameForm",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "pellucid.web.project.logs.Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
