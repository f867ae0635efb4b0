"""Settings from the environment, checked before anything starts.

Twelve-factor: every setting is an environment variable named ``JOBFAIR_…`` (and ``PORT``). An
unknown ``JOBFAIR_`` name or an unsafe value stops the start with a sentence that says what to set.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_KNOWN = frozenset(
    {
        "JOBFAIR_HOME",
        "JOBFAIR_ADDRESS",
        "JOBFAIR_DATABASE_URL",
        "JOBFAIR_SECRET_KEY",
        "JOBFAIR_KEY_FILE",
        "JOBFAIR_ENV",
        "JOBFAIR_HTTPS",
        "JOBFAIR_SESSION_MINUTES",
        "JOBFAIR_REGISTRATION_DAYS",
        "JOBFAIR_UPLOAD_MB",
        "JOBFAIR_EVIDENCE_MB",
        "JOBFAIR_LOG_LEVEL",
    }
)
_ENVIRONMENTS = ("production", "demo", "test")
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_SECRET_BYTES = 32


class SettingError(ValueError):
    """A setting is unknown, malformed or unsafe; the text says what to set instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the program reads from outside, checked.

    Attributes:
        home: the data folder (database, keys, files); two homes never meet.
        database_url: SQLAlchemy URL; SQLite inside the home unless given.
        key_file: the data keys, outside the database and outside backups.
        environment: ``production``, ``demo`` or ``test``.
        address: where anybody reaches the server, as ``https://jobs.example.org``; empty when it is
            wherever a page was opened.
        https: whether browsers reach the server over TLS (secure cookies, HSTS).
        session_minutes: idle minutes after which a sign-in ends.
        registration_days: days a seeker's registration stays valid.
        upload_mb: the largest accepted upload, in MB.
        evidence_mb: the largest file of evidence, in MB; it must pass the line between two servers.
    """

    home: Path
    database_url: str
    key_file: Path
    secret_key: str = field(repr=False)
    environment: str = "production"
    address: str = ""
    https: bool = False
    session_minutes: int = 60
    registration_days: int = 90
    upload_mb: int = 20
    evidence_mb: int = 4
    log_level: str = "INFO"
    port: int = 8000

    @property
    def demo(self) -> bool:
        """Whether this home holds invented people."""
        return self.environment == "demo"


def _whole(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise SettingError(f"{name} is {text!r}; set a whole number from {low} to {high}.")
    return int(text)


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    text = environ.get(name, "").strip() or default
    if text not in choices:
        raise SettingError(f"{name} is {text!r}; set one of: {', '.join(choices)}.")
    return text


def _private_file(path: Path, content: str) -> str:
    """Return the file's text, writing it with owner-only rights when it does not exist."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(content)
    return content


def _secret(environ: Mapping[str, str], home: Path) -> str:
    given = environ.get("JOBFAIR_SECRET_KEY", "").strip()
    if given:
        if len(given) < _SECRET_BYTES:
            raise SettingError(
                "JOBFAIR_SECRET_KEY is too short; set at least 32 random characters, for example "
                'from: python3 -c "import secrets; print(secrets.token_hex(32))"'
            )
        return given
    keys = home / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    return _private_file(keys / "secret.key", secrets.token_hex(_SECRET_BYTES))


def database_url(environ: Mapping[str, str], home: Path) -> str:
    """Return the address of the database as SQLAlchemy wants it.

    Raises:
        SettingError: it is neither SQLite nor PostgreSQL.
    """
    url = environ.get("JOBFAIR_DATABASE_URL", "").strip() or f"sqlite:///{home / 'jobfair.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingError(
            "JOBFAIR_DATABASE_URL must start with sqlite:/// or postgresql://; "
            "leave it unset to use SQLite inside the home."
        )
    return url


def _address(environ: Mapping[str, str]) -> str:
    address = environ.get("JOBFAIR_ADDRESS", "").strip().rstrip("/")
    parts = urlsplit(address)
    if address and (parts.scheme not in {"http", "https"} or address.count("/") != 2):
        raise SettingError(
            "JOBFAIR_ADDRESS must be where anybody reaches the server, without a path, for example "
            "https://jobs.example.org; leave it unset to use the address a page was opened by."
        )
    return address


def port(environ: Mapping[str, str] | None = None) -> int:
    """Return the port to serve on.

    Raises:
        SettingError: PORT is not a port.
    """
    environ = os.environ if environ is None else environ
    return _whole(environ, "PORT", 8000, 1, 65535)


def home_folder(environ: Mapping[str, str]) -> Path:
    """Return the data folder, which need not be there yet."""
    return Path(environ.get("JOBFAIR_HOME", "").strip() or "data").expanduser().resolve()


def load(environ: Mapping[str, str] | None = None, *, environment: str | None = None) -> Settings:
    """Read and check the settings, making the home and its secret on first use.

    Args:
        environ: the environment variables; the process's own when left out.
        environment: what the command decides for itself (the demo does) over ``JOBFAIR_ENV``.

    Raises:
        SettingError: unknown, malformed or unsafe.
    """
    environ = os.environ if environ is None else environ
    unknown = sorted(n for n in environ if n.startswith("JOBFAIR_") and n not in _KNOWN)
    if unknown:
        raise SettingError(
            f"{unknown[0]} is not a setting of Jobfair; unset it. "
            f"Known: {', '.join(sorted(_KNOWN))}."
        )
    home = home_folder(environ)
    kind = environment or _choice(environ, "JOBFAIR_ENV", _ENVIRONMENTS, "production")
    if environment is None and (home / "DEMO").exists() and "JOBFAIR_ENV" not in environ:
        kind = "demo"
    if kind == "production" and (home / "DEMO").exists():
        raise SettingError(
            f"{home} is a demonstration home with published keys; set JOBFAIR_HOME to a new folder."
        )
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_file = environ.get("JOBFAIR_KEY_FILE", "").strip()
    return Settings(
        home=home,
        database_url=database_url(environ, home),
        key_file=Path(key_file).expanduser() if key_file else home / "keys" / "data-keys.json",
        secret_key=_secret(environ, home),
        environment=kind,
        address=_address(environ),
        https=_choice(environ, "JOBFAIR_HTTPS", ("yes", "no"), "no") == "yes",
        session_minutes=_whole(environ, "JOBFAIR_SESSION_MINUTES", 60, 5, 720),
        registration_days=_whole(environ, "JOBFAIR_REGISTRATION_DAYS", 90, 1, 3660),
        upload_mb=_whole(environ, "JOBFAIR_UPLOAD_MB", 20, 1, 200),
        evidence_mb=_whole(environ, "JOBFAIR_EVIDENCE_MB", 4, 1, 5),
        # A demonstration's last printed lines say where to look; requests must not push them away.
        log_level=_choice(
            environ, "JOBFAIR_LOG_LEVEL", _LOG_LEVELS, "WARNING" if kind == "demo" else "INFO"
        ),
        port=port(environ),
    )
