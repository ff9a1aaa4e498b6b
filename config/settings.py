"""Everything that is set, top to bottom, with defaults that are safe where real people sign in.

What a deployer may change is read through `config.env` and listed in `.env.example`.
"""

import base64
import hashlib
from pathlib import Path

from django.conf import locale as django_locale
from django.utils.translation import gettext_lazy as _

from config import env
from config.style import squeeze

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", default=str(BASE_DIR / "var")))  # everything that is written at run time

# ── The run ──────────────────────────────────────────────────────────────────────────────────────────────
DEMO = env.yes_no("DEMO", default=False)  # a world of invented people on one machine; never for real ones
DEBUG = env.yes_no("DEBUG", default=False)  # never on where real people sign in
SECRET_KEY = env.text("SECRET_KEY", default="demo-only-not-a-secret" * 3 if DEMO or DEBUG else None)
# The first is what phones seal to; all of them open.
SEAL_KEYS = env.words("SEAL_KEYS", default="demo-only-not-a-seal" if DEMO or DEBUG else None)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default="127.0.0.1,localhost" if DEMO or DEBUG else "")
SITE_ADDRESS = env.text("SITE_ADDRESS", default="http://127.0.0.1:8000")  # printed on cards, without a slash
HTTPS = SITE_ADDRESS.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "lms.User"

INSTALLED_APPS = [
    "mentors",
    "lms",
    "courses",
    "assessments",
    "media",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "courses.middleware.PublishedPages",  # lessons end here: no session, no query
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lms.middleware.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lms.middleware.SecondFactor",
    "lms.middleware.PersonHere",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "config.look"],
        },
    }
]

# ── Where things are kept ────────────────────────────────────────────────────────────────────────────────
DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/hamrah.sqlite3")}
CACHES = {
    # Rate limits and one-time codes are shared by all processes; nothing on the way to a lesson asks here.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "renditions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
PUBLISHED_ROOT = VAR_DIR / "published"  # what phones get; may be emptied, `manage.py publish` fills it again
MEDIA_ROOT = VAR_DIR / "uploads"  # what trainers uploaded; never served as it came
MEDIA_URL = "/uploads/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.HashedModules"},
}
WHITENOISE_MAX_AGE = 60

# ── Work that may take a moment ──────────────────────────────────────────────────────────────────────────
REDIS_URL = env.text("REDIS_URL", default="")  # empty: a folder is the queue, which is enough for one machine
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # A page waits two seconds for a silent Redis, and once more. What was not queued is found by its row.
    {"visibility_timeout": 600, "socket_timeout": 2, "socket_connect_timeout": 2}
    if REDIS_URL
    else {
        "data_folder_in": str(VAR_DIR / "queue"),
        "data_folder_out": str(VAR_DIR / "queue"),
        "control_folder": str(VAR_DIR / "queue" / "control"),
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_ALWAYS_EAGER = env.yes_no("TASKS_AT_ONCE", default=False)  # for tests: no worker
CELERY_TASK_EAGER_PROPAGATES = True

# ── Languages ────────────────────────────────────────────────────────────────────────────────────────────
# Pashto and Western Punjabi are unknown to Django: without their names, direction and .mo file an address
# that begins with /ps/ would be sent on to /en/ps/.
django_locale.LANG_INFO.update(
    {
        "ps": {"bidi": True, "code": "ps", "name": "Pashto", "name_local": "پښتو"},
        "pnb": {"bidi": True, "code": "pnb", "name": "Western Punjabi", "name_local": "پنجابی"},
    }
)
LANGUAGES_BIDI = ["ar", "fa", "he", "ur", "ps", "pnb"]
LANGUAGES = [("ur", "اردو"), ("en", "English"), ("de", "Deutsch"), ("ps", "پښتو"), ("pnb", "پنجابی")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
TONGUES = {  # what people talk, each in its own name; there are pages and voices in some of them
    **dict(LANGUAGES),
    "skr": "سرائیکی",
    "sd": "سنڌي",
    "bal": "بلوچی",
    "hno": "ہندکو",
}
READING = ["ur", "en", "de"]  # what a person can read today
HEARING = ["ur", "pnb", "ps", "en", "de"]  # what a person can hear: Punjabi is a voice before it is a page
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]  # days as people write them, where Django does not
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # each person has a time zone of their own
WAGTAIL_I18N_ENABLED = True

# ── The trainers' room ───────────────────────────────────────────────────────────────────────────────────
WAGTAIL_SITE_NAME = "Hamrah"
WAGTAILADMIN_BASE_URL = SITE_ADDRESS
WAGTAILIMAGES_IMAGE_MODEL = "media.Picture"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif", "svg"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = env.number("LARGEST_PICTURE_MB", default=5) * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.PictureForm"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_FRONTEND_LOGIN_URL = "/staff/login/"
WAGTAILADMIN_LOGIN_URL = "/staff/login/"
WAGTAILLOCALIZE_DISABLE_ON_DELETE_OF_TRANSLATION_SOURCE = True
LARGEST_RECORDING_MB = env.number("LARGEST_RECORDING_MB", default=12)
LARGEST_FILM_MB = env.number("LARGEST_FILM_MB", default=300)
TAGGIT_CASE_INSENSITIVE = True

# ── Ways in ──────────────────────────────────────────────────────────────────────────────────────────────
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/staff/login/"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "lms.staff.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up here (StaffAdapter), but see trap T4
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# A training centre, or a whole mobile network, shares one address: limits per address are wide,
# limits per account are narrow.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "200/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", default=0)
MFA_ADAPTER = "lms.staff.SecondFactors"  # seals the secrets of authenticators
MFA_TOTP_TOLERANCE = 1  # phones' clocks drift
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Hamrah"

# Countries and programmes of one's own: files beside those in `lms/countries`.
COUNTRIES_DIR = env.text("COUNTRIES_DIR", default="")

CODE_MINUTES = 10  # how long a code from a message opens the door
CODES_PER_NUMBER_A_DAY = env.number("CODES_PER_NUMBER_A_DAY", default=5)
CODES_A_DAY = env.number("CODES_A_DAY", default=2000)  # the whole site: what a bad day may cost
CODE_COUNTRIES = env.words("CODE_COUNTRIES", default="92,49")  # calling codes that get messages
SMS_GATEWAY = env.text("SMS_GATEWAY", default="console")  # console or http
SMS_HTTP_URL = env.text("SMS_HTTP_URL", default="")  # the gateway's address
SMS_HTTP_TOKEN = env.text("SMS_HTTP_TOKEN", default="")  # sent as a bearer token
SMS_HTTP_SENDER = env.text("SMS_HTTP_SENDER", default="Hamrah")

SESSION_COOKIE_AGE = 60 * 60 * 24 * 400  # a learner's phone stays signed in; staff are asked each day
SESSION_COOKIE_NAME = "__Host-s" if HTTPS else "s"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MARK_COOKIE_NAME = "__Host-m" if HTTPS else "m"  # the phone is known again: for who comes in with a PIN
CSRF_COOKIE_NAME = "__Host-c" if HTTPS else "c"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lms.views.errors.form_too_old"
LANGUAGE_COOKIE_NAME = "reads"

# ── What a browser may do ────────────────────────────────────────────────────────────────────────────────
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the trainers' preview shows a lesson in a frame

# The one inline style: what the first screen needs, so that a slow line paints before it fetches.
CRITICAL_CSS = squeeze((BASE_DIR / "config" / "static" / "css" / "critical.css").read_text(encoding="utf-8"))
CRITICAL_CSS_HASH = (
    "'sha256-" + base64.b64encode(hashlib.sha256(CRITICAL_CSS.encode()).digest()).decode() + "'"
)
CONTENT_SECURITY_POLICY = {
    # Wagtail's own rooms still use inline scripts and styles; nobody else may.
    "EXCLUDE_URL_PREFIXES": ("/cms/",),
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", CRITICAL_CSS_HASH],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
    },
}
PERMISSIONS_POLICY = {"camera": [], "geolocation": [], "microphone": "self", "payment": [], "usb": []}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # frames of our own site: the trainers' preview

# ── What is written down ─────────────────────────────────────────────────────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"hamrah": {"level": "INFO"}},
}

SITE_NAME = _("Hamrah")
