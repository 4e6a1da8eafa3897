"""The one settings file: everything an operator may change comes from an environment variable.

Values are read once at start; a malformed value stops the process with a sentence that names the variable.
The README lists every variable.
"""

import os
from decimal import Decimal
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from oscar.defaults import *  # noqa: F403  Oscar documents this import; ours override below

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    """The variable ``name``; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def env_bool(name: str, *, default: bool) -> bool:
    """``1/true/yes/on`` or ``0/false/no/off``; anything else is refused."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if not value:
        return default
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name: str, default: int) -> int:
    """A whole number."""
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def env_list(name: str, default: str = "") -> list[str]:
    """Comma-separated values, blanks dropped."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


# --- Ground -------------------------------------------------------------------------------------------------------
DEBUG = env_bool("DEBUG", default=False)
DEMO = env_bool("DEMO", default=False)
SECRET_KEY = env("SECRET_KEY", "insecure-key-for-development-only" if DEBUG else None)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
SITE_URL = env("SITE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
SITE_ID = 1
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "shop.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.flatpages",
    "django.contrib.humanize",
    # Above Wagtail: both define ``update_index`` and haystack's must win.
    "haystack",
    "shop",
    "shop.audit",
    "shop.messaging",
    "oscar.config.Shop",
    "shop.quiet.AnalyticsConfig",
    "shop.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "shop.shipping.apps.ShippingConfig",
    "shop.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "shop.partner.apps.PartnerConfig",
    "shop.basket.apps.BasketConfig",
    "shop.payment.apps.PaymentConfig",
    "shop.offer.apps.OfferConfig",
    "shop.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig",
    "shop.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "shop.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "treebeard",
    "django_tables2",
    "shop.variants",
    "shop.cooperatives",
    "shop.team",
    "shop.onboarding",
    "shop.listings",
    "shop.certifications",
    "shop.promotions",
    "shop.delivery",
    "shop.payment.attempts",
    "shop.payment.refunds",
    "shop.payment.vietqr",
    "shop.payment.cod",
    "shop.payment.stripe",
    "shop.fulfilment",
    "shop.notices",
    "shop.claims",
    "shop.reviews",
    "shop.numbers",
    "shop.reconciliation",
    "shop.storefront",
    "shop.seller",
    "shop.desk",
    "shop.demo",
    "cms",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
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
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
]

# Forks keep Oscar's labels and Oscar's tables: their migrations stay Oscar's own.
MIGRATION_MODULES = {
    label: f"oscar.apps.{label}.migrations"
    for label in ("shipping", "catalogue", "partner", "basket", "payment", "offer", "voucher", "order")
}

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages only; static files are compressed beforehand. Django pads the answers, so their length tells nothing.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shop.accounts.safety.sessions.SessionsMiddleware",
    "shop.basket.middleware.BasketMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "shop" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shop.storefront.context.page",
                "cms.context.site_links",
            ],
            "libraries": {"shop_tags": "shop.templatetags.shop_tags"},
        },
    },
]

# --- Data ---------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        env("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}"),
        conn_max_age=env_int("DATABASE_CONN_MAX_AGE", 60),
        conn_health_checks=True,
    )
}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    SQLITE_SYNCHRONOUS = env("SQLITE_SYNCHRONOUS", "NORMAL")
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue at BEGIN instead of failing at the first write; readers go on (WAL).
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL;"
            f"PRAGMA synchronous={SQLITE_SYNCHRONOUS};"
            "PRAGMA foreign_keys=ON;"
            "PRAGMA mmap_size=134217728;"
            "PRAGMA cache_size=-16000;"
        ),
    }

CACHE_URL = env("CACHE_URL", "")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
        if CACHE_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- Files --------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(BASE_DIR / ".static")))
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", str(BASE_DIR / "media")))
SERVE_MEDIA = env_bool("SERVE_MEDIA", default=True)
# Scans and evidence: never inside MEDIA_ROOT, never delivered by a web server.
PRIVATE_ROOT = Path(env("PRIVATE_ROOT", "") or BASE_DIR / ".private")
if PRIVATE_ROOT.resolve().is_relative_to(MEDIA_ROOT.resolve()):
    raise ImproperlyConfigured("PRIVATE_ROOT must lie outside MEDIA_ROOT.")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "shop.core.private.PrivateStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_PERMISSIONS = 0o644

# --- People -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "customer:summary"
LOGOUT_REDIRECT_URL = "/"

# --- Language -----------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
# Amounts go through the ``dong`` filter; ids in attributes must never be grouped.
USE_THOUSAND_SEPARATOR = False
WAGTAIL_I18N_ENABLED = True

# --- Oscar --------------------------------------------------------------------------------------------------------
OSCAR_SHOP_NAME = SHOP_NAME = env("SHOP_NAME", "Chợ OCOP Đồng Tháp")
SHOP_NAME_EN = env("SHOP_NAME_EN", "Dong Thap OCOP Market" if "SHOP_NAME" not in os.environ else SHOP_NAME)
OSCAR_DEFAULT_CURRENCY = "VND"
OSCAR_CURRENCY_FORMAT = {"VND": {"format": "#,##0\xa0¤"}}
OSCAR_REQUIRED_ADDRESS_FIELDS = ("first_name", "line1", "line4", "country")
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_ALLOW_ANON_REVIEWS = False
OSCAR_DELETE_IMAGE_FILES = False
OSCAR_IMAGE_FOLDER = "images/products/"
OSCAR_SLUG_MAP = {"đ": "d", "Đ": "D"}
OSCAR_THUMBNAILER = "shop.catalogue.thumbnails.RenditionThumbnailer"
OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 500
OSCAR_BASKET_COOKIE_LIFETIME = 60 * 60 * 24 * 30
OSCAR_BASKET_COOKIE_SECURE = not DEBUG and SITE_URL.startswith("https")
OSCAR_HOMEPAGE = "/"
OSCAR_INITIAL_ORDER_STATUS = "pending"
OSCAR_INITIAL_LINE_STATUS = "pending"
OSCAR_ORDER_STATUS_PIPELINE = {
    "pending": ("confirmed", "cancelled"),
    # Back to pending: money that was put on the wrong order is taken off again.
    "confirmed": ("pending", "completed", "cancelled"),
    "completed": (),
    # Money that came after the hold brings an expired order back while there is stock.
    "cancelled": ("pending",),
}
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE
OSCAR_ORDER_STATUS_CASCADE = {status: status for status in OSCAR_ORDER_STATUS_PIPELINE}
OSCAR_OFFER_ROUNDING_FUNCTION = "shop.offer.rounding.whole_dong"
OSCAR_HIDDEN_FEATURES = ["wishlists", "reviews"]

# --- Marketplace --------------------------------------------------------------------------------------------------
# Unpaid transfers hold stock this long; then the order is cancelled and the goods are free again.
PAYMENT_HOLD_MINUTES = env_int("PAYMENT_HOLD_MINUTES", 30)
# A buyer who says that the transfer was made gets this long for the cooperative to look.
PAYMENT_CLAIM_HOURS = env_int("PAYMENT_CLAIM_HOURS", 24)
PAYMENT_PROVIDERS = env_list(
    "PAYMENT_PROVIDERS", "shop.payment.vietqr.provider.VietQR,shop.payment.cod.provider.CashOnDelivery"
)
COD_LIMIT = env_int("COD_LIMIT", 3_000_000)
# Parcels in cash that one phone number may have open at once, and refusals at the door after which it pays beforehand.
COD_OPEN_ORDERS = env_int("COD_OPEN_ORDERS", 3)
COD_REFUSALS = env_int("COD_REFUSALS", 2)
# A changed bank account takes effect so long after its approval.
ACCOUNT_DELAY_HOURS = env_int("ACCOUNT_DELAY_HOURS", 24)
# Encrypts what banks' services gave the cooperatives; with commas, the first encrypts, all decrypt. From SECRET_KEY
# when empty.
CREDENTIALS_KEYS = env_list("CREDENTIALS_KEYS")
SEPAY_API = env("SEPAY_API", "https://userapi.sepay.vn/v2").rstrip("/")
PAYOS_API = env("PAYOS_API", "https://api-merchant.payos.vn").rstrip("/")

# Cards from abroad: off without a key.
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = env("STRIPE_WEBHOOK_SECRET", "")
STRIPE_API_BASE = env("STRIPE_API_BASE", "https://api.stripe.com").rstrip("/")
# "group": one account collects a whole purchase and owes the cooperatives; "order": each order goes to the
# cooperative's own account.
STRIPE_COLLECTS = env("STRIPE_COLLECTS", "group")
STRIPE_EVENT_TASK = "shop.reconciliation.cards.event_apply_later"
MESSAGE_BACKENDS = {
    "sms": env("SMS_BACKEND", "shop.messaging.backends.console"),
    "email": env("EMAIL_MESSAGE_BACKEND", "shop.messaging.backends.email"),
    "zalo": env("ZALO_BACKEND", "shop.messaging.backends.console"),
}
# Ways to reach buyers that a cooperative may choose from; the first is used until it chooses.
BUYER_CHANNELS = env_list("BUYER_CHANNELS") or (["sms", "zalo"] if DEBUG or DEMO else ["sms"])
if set(BUYER_CHANNELS) - {"sms", "zalo"}:
    raise ImproperlyConfigured("BUYER_CHANNELS may name sms and zalo.")
# Told of every step of a parcel; lines of the cooperatives' digests.
PARCEL_NEWS = "shop.notices.services.parcel_news"
DIGEST_SOURCES = ["shop.notices.digest.parcels", "shop.notices.digest.money", "shop.claims.digest.claims"]
# Where the backend "file" writes, one JSON line for each message.
MESSAGE_FILE = env("MESSAGE_FILE", "")
EMAIL_BACKEND = env("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "cho-ocop@example.vn")
SUPPORT_PHONE = env("SUPPORT_PHONE", "02730000000")
HOME_PROVINCE = env("HOME_PROVINCE", "82")
TAX_RATE = Decimal("0")

# What `manage.py clock` does, each every so many seconds. All are safe to run twice and in parallel.
CLOCK_DUTIES = [
    "shop.fulfilment.services.orders_expire_unpaid=30",
    "shop.reconciliation.tasks.lines_match_due=15",
    "shop.reconciliation.cards.cards_due=30",
    "shop.reconciliation.asking.feeds_ask=600",
    "shop.payment.vietqr.services.accounts_activate_due=60",
    "shop.messaging.services.messages_redeliver=60",
    "shop.notices.digest.digests_send=120",
    "shop.claims.services.claims_close_due=600",
    "shop.reviews.services.reviews_publish_due=300",
    "shop.messaging.rescue.tasks_rescue=30",
    "shop.listings.duties.uploads_expire=3600",
    "shop.listings.duties.archive_clear=86400",
    "shop.numbers.owndata.services.archives_expire=3600",
]

# --- Wagtail ------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = SHOP_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "/tai-khoan/dang-nhap/"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"webp": "webp", "png": "webp", "jpeg": "webp"}

# --- Security -----------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = env_int("SECURE_HSTS_SECONDS", 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY", default=False) else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https")
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail previews its pages in a frame of the same site
CONTENT_SECURITY_POLICY = {
    # The two back offices bring inline scripts of their own; they are for staff only.
    "EXCLUDE_URL_PREFIXES": ("/quan-tri/", "/dieu-hanh/", "/en/quan-tri/", "/en/dieu-hanh/"),
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    },
}
PERMISSIONS_POLICY = {"camera": [], "geolocation": [], "microphone": [], "payment": []}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "trouble": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {
        "oscar": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        # Both tell about every glyph of every document.
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        # The worker sets its loggers' levels itself and would print two lines for every task.
        "django_tasks": {"handlers": ["trouble"], "propagate": False},
        "django_tasks_db": {"handlers": ["trouble"], "propagate": False},
        "django.request": {"level": "ERROR"},
    },
}

# --- Sign-in (django-allauth) -------------------------------------------------------------------------------------
ACCOUNT_ADAPTER = "shop.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
# No sign-up form is routed: an account is made with the first code. allauth wants one of the login methods here.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is stored only after a code sent to it came back
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 5 * 60  # seconds
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
# Per address generous: a mobile network puts thousands of people behind one. Codes per number: shop.accounts.codes.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,200/h/ip",
    "confirm_code": "60/m/ip",
}
# A code from an app as the second step, and passkeys. Who may change them is asked by our own pages.
MFA_ADAPTER = "shop.accounts.safety.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_REAUTHENTICATION_REQUIRED = False
MFA_TOTP_TOLERANCE = 1  # phones' clocks are off by half a minute
# Behind one proxy of ours the visitor's address is the last one it names; without a proxy the header is not believed.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
