"""Where does this instance live, and how does it reach the world?

Read once from the environment (prefix `CONFERENCE_`); an unknown key is refused, and every default is safe in production.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings of one instance. Durations are in minutes, sizes in bytes."""

    model_config = SettingsConfigDict(env_prefix="CONFERENCE_", extra="forbid", frozen=True)

    instance: Path = ROOT / "instance"
    """Folder that holds the SQLite file, the keys, the attachments and, in the demo, the mails."""
    database_url: str | None = None
    """`postgresql://…` or `sqlite:///…`; none means `conference.sqlite` in the instance folder."""
    public_url: str = "http://127.0.0.1:8000"
    """Address that the links in the mails begin with."""
    secure_cookies: bool = True
    """False only where the server is reached without TLS (the demo on 127.0.0.1)."""
    trusted_proxies: int = 0
    """Number of reverse proxies in front, whose X-Forwarded-* headers are believed."""

    smtp_host: str | None = None
    """None writes each mail to a file of `instance/mails/` instead of sending it."""
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: str | None = None
    smtp_starttls: bool = True
    mail_from: str = "Conférence des financeurs <ne-pas-repondre@localhost>"

    session_idle_minutes: int = 60
    session_absolute_minutes: int = 12 * 60
    login_attempts: int = 5
    lockout_minutes: int = 15
    address_attempts: int = 50
    """Failed sign-ins from one network address, all accounts together, in `lockout_minutes`; and resets asked for."""
    attachment_bytes: int = 20_000_000
    request_bytes: int = 64_000_000
    import_bytes: int = 500_000_000
    import_memory: int = 480_000_000
    """Memory, in bytes, that the reading of one large file may take."""
    persons_threshold: int = 5
    """On the screen, a count of persons under it is not shown to who does not own the lines."""
    published_threshold: int = 11
    """The same in what leaves the screen: summaries, their annexes, exported tables."""
    virus_scan_command: str | None = None
    """Command given the path of each attachment; an exit status other than 0 refuses the file."""

    @field_validator("instance")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @property
    def url(self) -> str:
        """SQLAlchemy address of the database, with the driver that this house uses."""
        if not self.database_url:
            return f"sqlite:///{self.instance / 'conference.sqlite'}"
        for prefix in ("postgresql://", "postgres://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    @property
    def session_idle(self) -> timedelta:
        """How long a session may rest."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def session_absolute(self) -> timedelta:
        """How long a session may last."""
        return timedelta(minutes=self.session_absolute_minutes)

    @property
    def is_sqlite(self) -> bool:
        """True when one SQLite file holds the database."""
        return self.url.startswith("sqlite")

    def environment(self) -> dict[str, str]:
        """The variables that tell another process of the same instance and database."""
        told = {"CONFERENCE_INSTANCE": str(self.instance)}
        return told | ({"CONFERENCE_DATABASE_URL": self.database_url} if self.database_url else {})


def load_settings(**given: Any) -> Settings:
    """Settings from the environment, `given` taking precedence. Raises ValueError on an unknown CONFERENCE_ key."""
    prefix = "CONFERENCE_"
    known = {prefix + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(prefix) and name not in known)
    if unknown:
        raise ValueError(f"unknown setting {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    return Settings(**given)
