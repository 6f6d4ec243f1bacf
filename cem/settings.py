"""Settings: typed, frozen, read once from the environment, refused at the door when unsafe."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from cem.queue_socket import queue_socket

PROFILES: Final = ("standard", "fast", "full")
FULL: Final = ("full", "standard", "fast")
"""The first is taken where none is named: whoever names a model wants it read with."""


class UnsafeSettings(Exception):
    """The hub must not start like this. The message says which setting and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every field is one `CEM_*` variable, described in docs/settings.md."""

    instance: Path
    env: str
    host: str
    port: int
    url: str
    proxies: int
    database_url: str
    redis_url: str | None
    secret_key: str = field(repr=False)
    demo: bool
    sandbox: bool
    profile: str
    model: str | None
    models: Path
    threads: int
    streams: int
    log_level: str
    smtp_url: str | None = field(repr=False)
    mail_from: str | None
    sms_url: str | None = field(repr=False)
    sms_token: str | None = field(repr=False)
    private_addresses: bool
    assistant_url: str | None
    assistant_model: str | None
    assistant_key: str | None = field(repr=False)
    assistant_seconds: int
    assistant_days: int

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Raises `UnsafeSettings` with a sentence that names the variable."""
        instance = Path(environ.get("CEM_INSTANCE", "instance")).absolute()
        env = _one_of(environ, "CEM_ENV", ("development", "production"))
        host, port = environ.get("CEM_HOST", "127.0.0.1"), _integer(environ, "CEM_PORT", 8000, 0, 65535)
        settings = cls(
            instance=instance,
            env=env,
            host=host,
            port=port,
            url=environ.get("CEM_URL", f"http://{_shown(host)}:{port}").rstrip("/"),
            proxies=_integer(environ, "CEM_PROXIES", 0, 0, 10),
            database_url=_secret(environ, "CEM_DATABASE_URL") or f"sqlite:///{instance / 'answered.db'}",
            redis_url=_secret(environ, "CEM_REDIS_URL"),
            secret_key=_secret(environ, "CEM_SECRET_KEY") or _kept_secret(instance, env),
            demo=_flag(environ, "CEM_DEMO"),
            sandbox=_flag(environ, "CEM_SANDBOX"),
            profile=_one_of(environ, "CEM_PROFILE", FULL if environ.get("CEM_MODEL") else PROFILES),
            model=environ.get("CEM_MODEL") or None,
            models=Path(environ.get("CEM_MODELS", instance / "models")).absolute(),
            threads=_integer(environ, "CEM_THREADS", 16, 2, 256),
            streams=_integer(environ, "CEM_STREAMS", 2000, 1, 100_000),
            log_level=_one_of(environ, "CEM_LOG_LEVEL", ("info", "debug", "warning", "error")),
            smtp_url=_secret(environ, "CEM_SMTP_URL"),
            mail_from=environ.get("CEM_MAIL_FROM") or None,
            sms_url=_secret(environ, "CEM_SMS_URL"),
            sms_token=_secret(environ, "CEM_SMS_TOKEN"),
            private_addresses=_flag(environ, "CEM_PRIVATE_ADDRESSES"),
            assistant_url=(environ.get("CEM_ASSISTANT_URL") or "").rstrip("/") or None,
            assistant_model=environ.get("CEM_ASSISTANT_MODEL") or None,
            assistant_key=_secret(environ, "CEM_ASSISTANT_KEY"),
            assistant_seconds=_integer(environ, "CEM_ASSISTANT_SECONDS", 20, 1, 60),
            assistant_days=_integer(environ, "CEM_ASSISTANT_DAYS", 90, 1, 3650),
        )
        settings.refuse_senseless()
        settings.refuse_unsafe()
        return settings

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def secure(self) -> bool:
        """Whether people reach the hub over https, so that cookies may insist on it."""
        return urlsplit(self.url).scheme == "https"

    @property
    def queue_url(self) -> str:
        """Where the queue server answers: the given one, or the embedded one's socket."""
        return self.redis_url or f"unix://{queue_socket(self.instance)}"

    @property
    def nothing_leaves(self) -> bool:
        """In the sandbox and with the demo company messages are only kept as what would have been sent."""
        return self.sandbox or self.demo

    def refuse_senseless(self) -> None:
        self._refuse_senseless_assistant()
        if self.smtp_url is None:
            return
        parts = urlsplit(self.smtp_url)
        if parts.scheme not in ("smtp", "smtp+starttls", "smtps") or not parts.hostname:
            raise UnsafeSettings("CEM_SMTP_URL must be an smtps://, smtp+starttls:// or smtp:// address.")
        if parts.scheme == "smtp" and parts.password:
            raise UnsafeSettings("CEM_SMTP_URL would send its password in the clear; use smtp+starttls://.")
        if "@" not in (self.mail_from or ""):
            raise UnsafeSettings("CEM_MAIL_FROM must be the address that CEM_SMTP_URL's mails come from.")

    def _refuse_senseless_assistant(self) -> None:
        if self.assistant_url is None:
            return
        parts = urlsplit(self.assistant_url)
        named = parts.scheme in ("https", "http") and parts.hostname and "@" not in parts.netloc
        if not named or parts.query or not _has_port(parts):
            raise UnsafeSettings("CEM_ASSISTANT_URL must be an https:// address without a password.")
        if parts.scheme == "http" and not _is_near(parts.hostname or ""):
            raise UnsafeSettings(
                "CEM_ASSISTANT_URL would send letters in the clear; use https://, or http:// with localhost"
                " or the number of an address in your own network."
            )
        if self.assistant_model is None:
            raise UnsafeSettings("CEM_ASSISTANT_MODEL must name the model to ask CEM_ASSISTANT_URL for.")

    def refuse_unsafe(self) -> None:
        if self.env != "production":
            return
        if self.sandbox:
            raise UnsafeSettings("CEM_SANDBOX=1 moves the clock and is refused in production. Unset it.")
        if self.demo:
            raise UnsafeSettings("CEM_DEMO=1 opens the demo sign-ins and is refused in production. Unset it.")
        if not self.secure:
            raise UnsafeSettings("CEM_URL must be the public https:// address in production.")
        if len(self.secret_key) < 32:
            raise UnsafeSettings("CEM_SECRET_KEY needs at least 32 characters in production.")


def _flag(environ: Mapping[str, str], name: str) -> bool:
    raw = environ.get(name, "0")
    if raw not in ("0", "1"):
        raise UnsafeSettings(f"{name} is {raw!r}; it takes 0 or 1.")
    return raw == "1"


def _integer(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = environ.get(name, str(default))
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise UnsafeSettings(f"{name} is {raw!r}; it takes a whole number from {low} to {high}.")
    return int(raw)


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    raw = environ.get(name, allowed[0])
    if raw not in allowed:
        raise UnsafeSettings(f"{name} is {raw!r}; it takes one of {', '.join(allowed)}.")
    return raw


def _secret(environ: Mapping[str, str], name: str) -> str | None:
    """The variable, or the content of the file that `<name>_FILE` names."""
    if file := environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise UnsafeSettings(f"{name}_FILE cannot be read: {error}.") from error
    return environ.get(name) or None


def _kept_secret(instance: Path, env: str) -> str:
    """In development the key is made once and kept in the instance folder, readable by its owner alone."""
    if env == "production":
        raise UnsafeSettings("CEM_SECRET_KEY (or CEM_SECRET_KEY_FILE) must be set in production.")
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret-key"
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()


def _has_port(parts: SplitResult) -> bool:
    """Whether its port is one, or left out."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def _is_near(host: str) -> bool:
    """This machine, or an address of a private network that was named by its number."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return (address.is_private or address.is_loopback) and not address.is_unspecified


def _shown(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
