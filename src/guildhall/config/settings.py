"""Django's settings. Everything that differs between installations comes from the environment, which commands prepare.

GUILDHALL_DATA         folder of the embedded database, files and key
GUILDHALL_LOGIN        who this process is to the database: web | owner | dispatcher
GUILDHALL_KEY          the installation's key (base64, 32 bytes)
GUILDHALL_SANDBOX      1: the sandbox council exists
GUILDHALL_SANDBOX_IN_PUBLIC    yes: others than this machine's users may see it
GUILDHALL_BASE_URL     public root without a trailing slash
GUILDHALL_SMTP_URL     smtp://user:password@host:port of the server that carries email; without it the sandbox does
GUILDHALL_METRICS_PORT, _ADDRESS  where web, and on the next port the worker, tell Prometheus how they are doing
GUILDHALL_CLAMD_URL    tcp://host:3310 or unix:///path of ClamAV's daemon, which looks into files
GUILDHALL_CALLBACK_NETWORKS    10.1.0.0/16,… private networks that callbacks to services' programs may go to
GUILDHALL_TRUSTED_PROXIES      10.0.0.5,… proxies in front of us, whose X-Forwarded-For says who a visitor is
GUILDHALL_UNASKED_EMAILS_PER_HOUR  how many emails strangers can have sent in the installation's name (3000)
GUILDHALL_GOVUK_NOTIFY where GOV.UK Notify's API is, for taking templates over from there
GUILDHALL_SECURITY_CONTACT     mailto:… or https://…, whom to tell of a hole; without it security@ the email domain
GUILDHALL_EMAIL_DOMAIN what stands after the @ in senders' addresses
DATABASE_URL, DATABASE_OWNER_URL, DATABASE_WRITER_URL, DATABASE_DISPATCHER_URL    the four logins
"""

import base64
import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import django_stubs_ext

from guildhall.config.audit_details import AUDIT_COUNTS as AUDIT_COUNTS
from guildhall.config.audit_details import AUDIT_DETAILS as AUDIT_DETAILS
from guildhall.config.audit_details import AUDIT_KINDS as AUDIT_KINDS
from guildhall.config.audit_details import AUDIT_VALUES as AUDIT_VALUES
from guildhall.config.audit_words import AUDIT_WORDS as AUDIT_WORDS
from guildhall.config.base_url import THIS_MACHINE, read_base_url
from guildhall.config.database_urls import django_database, login_name
from guildhall.config.navigation import OPERATOR_NAVIGATION as OPERATOR_NAVIGATION
from guildhall.config.navigation import STAFF_NAVIGATION as STAFF_NAVIGATION
from guildhall.config.navigation import STAFF_SUMMARIES as STAFF_SUMMARIES
from guildhall.design.domain.cookie_names import cookie_name

django_stubs_ext.monkeypatch()

SOURCE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("GUILDHALL_DATA", SOURCE.parents[1] / "var"))
SANDBOX = os.environ.get("GUILDHALL_SANDBOX") == "1"
SANDBOX_IS_PUBLIC = SANDBOX and os.environ.get("GUILDHALL_SANDBOX_IN_PUBLIC") == "yes"
IS_FOR_THIS_MACHINE_ONLY = SANDBOX and not SANDBOX_IS_PUBLIC
_ROOT = read_base_url(os.environ.get("GUILDHALL_BASE_URL") or "http://localhost:8000")
BASE_URL = str(_ROOT)
SMTP_URL = os.environ.get("GUILDHALL_SMTP_URL", "")
GOVUK_NOTIFY = os.environ.get("GUILDHALL_GOVUK_NOTIFY", "https://api.notifications.service.gov.uk").rstrip("/")
CLAMD_URL = os.environ.get("GUILDHALL_CLAMD_URL", "")
CALLBACK_NETWORKS = [each for each in os.environ.get("GUILDHALL_CALLBACK_NETWORKS", "").split(",") if each]
EMAIL_DOMAIN = os.environ.get("GUILDHALL_EMAIL_DOMAIN") or _ROOT.email_domain
SECURITY_CONTACT = os.environ.get("GUILDHALL_SECURITY_CONTACT") or f"mailto:security@{EMAIL_DOMAIN}"
TRUSTED_PROXIES = [ip_network(each) for each in os.environ.get("GUILDHALL_TRUSTED_PROXIES", "").split(",") if each]
UNASKED_EMAILS_PER_HOUR = int(os.environ.get("GUILDHALL_UNASKED_EMAILS_PER_HOUR") or 3000)
DEBUG = False
ALLOWED_HOSTS = [_ROOT.host, *(THIS_MACHINE if IS_FOR_THIS_MACHINE_ONLY else ())]
USE_X_FORWARDED_HOST = False

# A key of zeros serves only tools that import the settings without an installation (mypy, makemigrations).
INSTALLATION_KEY = base64.b64decode(os.environ.get("GUILDHALL_KEY", "")) or bytes(32)
SECRET_KEY = base64.b85encode(INSTALLATION_KEY).decode()

LOGIN_URLS = {
    "web": os.environ.get("DATABASE_URL", "postgresql://guildhall_web@localhost/guildhall"),
    "owner": os.environ.get("DATABASE_OWNER_URL", "postgresql://guildhall_owner@localhost/guildhall"),
    "writer": os.environ.get("DATABASE_WRITER_URL", "postgresql://guildhall_writer@localhost/guildhall"),
    "dispatcher": os.environ.get("DATABASE_DISPATCHER_URL", "postgresql://guildhall_dispatcher@localhost/guildhall"),
}
DATABASE_LOGINS = {login: login_name(url) for login, url in LOGIN_URLS.items()}
LOGIN = os.environ.get("GUILDHALL_LOGIN", "web")
DATABASES: dict[str, dict[str, Any]] = {"default": django_database(LOGIN_URLS[LOGIN], pooled=LOGIN != "owner")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_MODULES = [
    "guildhall.kernel",
    "guildhall.design",
    "guildhall.organisations",
    "guildhall.metering",
    "guildhall.notify",
    "guildhall.identity",
    "guildhall.pay",
    "guildhall.services.tracking",
    "guildhall.services.cases",
    "guildhall.services.forms",
    "guildhall.account",
]
INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    *(module for module in _MODULES if (SOURCE.parent / module.replace(".", "/") / "apps.py").exists()),
    "guildhall.config",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

MIDDLEWARE = [
    "guildhall.design.pages.middleware.SecurityHeaders",
    "guildhall.design.pages.middleware.BoundedHead",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "guildhall.identity.pages.middleware.VisitorMiddleware",
    "guildhall.design.pages.middleware.LanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "guildhall.design.pages.middleware.RefusalPages",
    "guildhall.organisations.pages.gate.Gate",
]
APPEND_SLASH = False
ROOT_URLCONF = "guildhall.config.urls"
WSGI_APPLICATION = "guildhall.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "guildhall.design.jinja.environment",
            "context_processors": ["guildhall.design.pages.context"],
        },
    }
]
STATIC_URL = "/assets/"
STATIC_ROOT = SOURCE / "design" / "static" / "built"
WHITENOISE_IMMUTABLE_FILE_TEST = r"-[0-9a-f]{12}\."

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS: list[str] = []
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

SESSION_ENGINE = "guildhall.identity.pages.session_store"
OVER_TLS = _ROOT.is_over_tls
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (cookie_name(name, over_tls=OVER_TLS) for name in ("session", "csrftoken"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "guildhall.design.pages.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "guildhall.design.pages.uploads.NothingTooLarge",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
LOGGING_CONFIG = None
