"""Every setting, with its meaning and default, read from the environment and checked at start."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_MARK = "development-"
SHORTEST_SECRET = 32
FEWEST_LETTERS = 10  # A random secret of 32 characters has more; one repeated has one.


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class SmsGateway(StrEnum):
    """How text messages leave the house."""

    PRINTING = "printing"
    HTTP = "http"
    ALIYUN = "aliyun"


class Payments(StrEnum):
    """By whom elders pay by phone."""

    NONE = "none"
    SANDBOX = "sandbox"


class Settings(BaseSettings):
    """The settings of one process; frozen. `YINLING_` stands before each name but the URLs."""

    model_config = SettingsConfigDict(env_prefix="YINLING_", frozen=True, populate_by_name=True)

    env: Environment = Field(Environment.DEVELOPMENT, description="Where this runs.")
    city: str = Field("1405", pattern=r"^\d{4}$", description="The city this process serves.")
    var: Path = Field(Path("var"), description="Folder for data, secrets and rejects.")
    database_url: SecretStr | None = Field(
        None, validation_alias="DATABASE_URL", description="PostgreSQL as the role yinling_app."
    )
    database_owner_url: SecretStr | None = Field(
        None,
        validation_alias="DATABASE_OWNER_URL",
        description="PostgreSQL as the role yinling_owner; migrate, city add and restore need it.",
    )
    database_sealer_url: SecretStr | None = Field(
        None,
        validation_alias="DATABASE_SEALER_URL",
        description="PostgreSQL as the role yinling_sealer; the scheduler and `audit` need it.",
    )
    anchors: Path | None = Field(
        None,
        description="Folder of the trail's anchors, best on another machine; else var/anchors.",
    )
    secret_key: SecretStr = Field(
        SecretStr(f"{DEVELOPMENT_MARK}only"), description="Signs the console's form tokens."
    )
    field_keys: SecretStr = Field(
        SecretStr(""),
        description="Keys of encrypted fields, newest first: name:base64 of 32 bytes, commas.",
    )
    index_key: SecretStr = Field(
        SecretStr(""), description="Key of the blind index and of keyed digests, base64, 32 bytes."
    )
    context_key: SecretStr = Field(
        SecretStr(""), description="Proves to the database that a process is the platform's own."
    )
    demo: bool = Field(False, description="Show sign-in codes on screen and mark pages as a demo.")
    rate_limits: bool = Field(True, description="Refuse a caller beyond so many requests a minute.")
    debug: bool = Field(False, description="Flask's debugger; never in production.")
    sms_gateway: SmsGateway = Field(SmsGateway.PRINTING, description="How text messages go out.")
    sms_url: str = Field(
        "", description="Address of the HTTP gateway; of Alibaba Cloud's service, if not its own."
    )
    aliyun_key_id: str = Field("", description="AccessKey of a RAM user who may send messages.")
    aliyun_secret: SecretStr = Field(SecretStr(""), description="The AccessKey's secret.")
    aliyun_sign_name: str = Field("", description="The registered signature of the sender.")
    aliyun_templates: str = Field(
        "{}", description="Registered templates by kind, as JSON: {kind: template code}."
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Mail server, smtp://user:password@host:port or smtps://; empty: no mail.",
    )
    mail_from: str = Field("", description="The sender of mail, such as yinling@example.cn.")
    fcm_certificate: Path | None = Field(
        None, description="Service account of the Firebase project, a JSON file; none: no pushes."
    )
    fcm_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="Address of a stand-in for Firebase, in development; empty: Firebase itself.",
    )
    fcm_web: str = Field(
        "",
        description="Firebase's settings for web pages as JSON (apiKey, projectId, appId,"
        " messagingSenderId, vapidKey); empty: the phone app offers no pushes.",
    )
    payments: Payments = Field(
        Payments.NONE,
        description="Who takes payments by phone: none, or a sandbox that moves no money.",
    )
    payment_key: SecretStr = Field(
        SecretStr(""), description="Signs what the payment provider and the platform tell."
    )
    routing_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="Address of an OSRM routing service for deliveries; else straight lines.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    workers: int = Field(2, ge=1, description="Worker processes; one a core is best.")
    threads: int = Field(16, ge=1, le=64, description="Requests that one worker handles at once.")
    book_together: bool = Field(
        True, description="Take meals that are asked for in the same moment in one transaction."
    )
    pool_size: int = Field(2, ge=1, description="Database connections of one worker.")
    origin: str = Field(
        "",
        pattern=r"^(https?://[a-z0-9.-]+(:\d{1,5})?)?$",
        description="Where staff reach the console, for passkeys, such as https://yinling.example.cn;"
        " empty: on this machine alone, by the name localhost.",
    )
    trusted_proxies: int = Field(
        0, ge=0, description="How many proxies before us set X-Forwarded-*; 0 believes none."
    )
    log_level: str = Field(
        "info", pattern=r"^(debug|info|warning|error)$", description="The least that is logged."
    )
    hotline: str = Field("12349", description="The number a resident can always call.")
    tiles_url: str = Field(
        "",
        pattern=r"^(https?://[a-z0-9.-]+(:\d{1,5})?/\S*\{z\}\S*)?$",
        description="Map pictures, such as https://tiles.example.cn/{z}/{x}/{y}.png, in the same"
        " coordinates as the sites; empty: maps have a plain ground, and ask no other host.",
    )
    tiles_credit: str = Field(
        "", description="Whom the map pictures are owed to, as their licence asks it to be said."
    )
    backup_passphrase: SecretStr = Field(
        SecretStr(""), description="Locks the keys inside a backup; asked for where it is empty."
    )

    @property
    def anchors_folder(self) -> Path:
        """Where the head of the trail's chain is written down, outside the database."""
        return self.anchors or self.var / "anchors"

    @model_validator(mode="after")
    def refuse_a_careless_production(self) -> Self:
        """In production nothing may be missing, printed, or known from the source code."""
        if self.env is not Environment.PRODUCTION:
            return self
        careless = [sentence for sentence, applies in self._dangers() if applies]
        if careless:
            raise ValueError("not fit for production: " + "; ".join(careless))
        return self

    def _knows_aliyun(self) -> bool:
        return all(
            (self.aliyun_key_id, self.aliyun_secret.get_secret_value(), self.aliyun_sign_name)
        )

    def _dangers(self) -> list[tuple[str, bool]]:
        secret = self.secret_key.get_secret_value()
        return [
            ("DATABASE_URL is missing", self.database_url is None),
            (
                "YINLING_SECRET_KEY is the development secret, repetitive or under 32 characters",
                secret.startswith(DEVELOPMENT_MARK) or _is_guessable(secret),
            ),
            ("YINLING_FIELD_KEYS is missing", not self.field_keys.get_secret_value()),
            ("YINLING_INDEX_KEY is missing", not self.index_key.get_secret_value()),
            (
                "YINLING_CONTEXT_KEY is missing, repetitive or under 32 characters",
                _is_guessable(self.context_key.get_secret_value()),
            ),
            (
                "YINLING_SMS_GATEWAY prints sign-in codes",
                self.sms_gateway is SmsGateway.PRINTING,
            ),
            (
                "YINLING_SMS_URL is missing or not https: codes would travel in clear",
                self.sms_gateway is SmsGateway.HTTP and not self.sms_url.startswith("https://"),
            ),
            ("YINLING_FCM_URL is a stand-in", bool(self.fcm_url)),
            (
                "YINLING_ALIYUN_KEY_ID, _SECRET or _SIGN_NAME is missing",
                self.sms_gateway is SmsGateway.ALIYUN and not self._knows_aliyun(),
            ),
            ("YINLING_PAYMENTS is a sandbox", self.payments is Payments.SANDBOX),
            ("YINLING_ORIGIN is not https", self.origin.startswith("http://")),
            ("YINLING_RATE_LIMITS is off", not self.rate_limits),
            ("YINLING_DEBUG is on", self.debug),
            ("YINLING_DEMO shows sign-in codes on screen", self.demo),
        ]


def _is_guessable(secret: str) -> bool:
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_LETTERS


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process; raises pydantic's `ValidationError` once, at start."""
    return Settings()
