"""The relay's settings: one frozen value, made from flags and checked before anything runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

CoalesceMode = Literal["auto", "always", "never"]
Keep = Literal["messages", "rounds", "behaviour", "held", "audit", "sessions"]
"""What has a time of keeping: `Retention` says how long each is."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds that only the relay enforces. Times in seconds unless the name says otherwise."""

    sockets_max: int = 2_000
    unauthenticated_sockets_max: int = 100
    """Sockets that have not yet said who they are or what they want, beside loopback's."""
    unauthenticated_per_address_max: int = 50
    unauthenticated_loopback_max: int = 1_000
    """This machine's own programs and a proxy in front share one address: a bound of its own."""
    sockets_per_address_max: int = 500
    """Not for loopback."""
    handshake_timeout_s: float = 10.0
    first_message_timeout_s: float = 10.0
    control_buffer_bytes_max: int = 1_000_000
    """Unsent bytes of a control socket; beyond it the socket is cut."""
    subscriber_buffer_bytes_max: int = 2_000_000
    subscriber_buffer_s_max: float = 2.0
    subscriber_stuck_s_max: float = 10.0
    """A subscriber whose socket takes nothing for this long is cut."""
    publisher_silent_s_max: float = 5.0
    """A publisher that sends nothing for this long is away."""
    broadcast_away_s_max: float = 300.0
    database_queue_max: int = 1_000
    password_hashes_at_once: int = 2
    password_queue_max: int = 16
    shutdown_s: float = 8.0


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How many days things are kept; 0: until they are erased."""

    messages_days: int = 365
    rounds_days: int = 365
    """Closed polls and draws."""
    behaviour_days: int = 180
    """Watched minutes, and what is recorded for recommendations."""
    held_days: int = 30
    """What was held back from a chat."""
    audit_days: int = 365
    sessions_days: int = 30
    """Sessions that have ended by themselves, and devices not seen, for so long."""
    backups_days: int = 30
    """Copies that the relay makes by itself before a new version changes the database."""


@dataclass(frozen=True, kw_only=True)
class RecordingSettings:
    """What is kept of broadcasts, in the folder `recordings` of the data folder."""

    is_on: bool = True
    disk_bytes_max: int = 20_000_000_000
    """All recordings together; beyond it the oldest go, but for those that are to be kept."""
    free_bytes_min: int = 1_000_000_000
    """What stays free of the disk for the database and others: recording stops before it."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 7788
    tls: bool = False
    certificate: Path | None = None
    """PEM chain; made and self-signed in the data folder when TLS is on and none is given."""
    certificate_key: Path | None = None
    database_url: str = ""
    """SQLAlchemy address; empty for SQLite in the data folder."""
    rooms: tuple[str, ...] = ()
    """Public rooms that must exist, by name."""
    allowed_origins: tuple[str, ...] = ()
    """Browser origins that may connect; programs send none."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names in the Host header beside loopback names, addresses and this machine's name."""
    coalesce: CoalesceMode = "auto"
    log_json: bool = False
    stops_with_stdin: bool = False
    """Ends in order when standard input ends: when the program that started it is gone."""
    limits: Limits = field(default_factory=Limits)
    retention: Retention = field(default_factory=Retention)
    recording: RecordingSettings = field(default_factory=RecordingSettings)

    @property
    def is_loopback(self) -> bool:
        return self.host in {"127.0.0.1", "::1", "localhost"}
