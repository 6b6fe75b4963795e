"""What a command of the desktop program was asked to do: frozen values, checked when made."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from app.errors import BadInput
from wire.limits import (
    LAYERS_MAX,
    PASSWORD_CHARACTERS_MAX,
    ROOM_NAME_CHARACTERS_MAX,
    TOKEN_CHARACTERS_MAX,
)

DELAY_MS_DEFAULT: Final = 200
DELAY_MS_MAX: Final = 2000
SECONDS_MAX: Final = 86_400.0 * 30
PUBLISH_KEY_VARIABLE: Final = "LIVEHOUSE_PUBLISH_KEY"
INVITE_VARIABLE: Final = "LIVEHOUSE_INVITE"
STREAM_KEY_VARIABLE: Final = "LIVEHOUSE_STREAM_KEY"
SOURCE_URL_VARIABLE: Final = "LIVEHOUSE_SOURCE_URL"
PASSPHRASE_VARIABLE: Final = "LIVEHOUSE_PASSPHRASE"  # noqa: S105 # a variable's name, not a secret
DECODER_COMMAND: Final = "decode-pictures"
"""The packaged program is its own decoder child, by this hidden command."""
DECODER_VARIABLE: Final = "LIVEHOUSE_DECODE_IN_PROCESS"
"""Set to anything: no decoder child. For measuring, and where none can be started."""
KEY_CHARACTERS_MAX: Final = 128
STREAM_KEY_CHARACTERS_MIN: Final = 16
VIEWERS_MAX: Final = 400
"""Simulated ones. A relay takes 500 sockets from one address; those who write have two."""
DEMO_FILES_MAX: Final = 6
AUDIENCE_ACCOUNTS_MAX: Final = 24
"""Each costs the relay a password hash once; they are kept and used again."""


class Secret(str):
    """Text that no log and no repr shows."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishSettings:
    """`livehouse publish`."""

    relay: str
    room: str
    publish_key: Secret = field(repr=False)
    source: str
    audio: str | None = None
    """None: what fits the source."""
    layers: str = "720p"
    second_path: str = ""
    """An address of this machine from which a second way up is opened; empty for none."""
    codec: str = "h264"
    encoder: str = "auto"
    loop: bool = False
    seconds: float | None = None
    pin: str | None = None


Crop = Literal["", "16:9", "9:16"]
CROPS: Final[tuple[Crop, ...]] = ("", "16:9", "9:16")
"""What a service gets of the picture: all of it, or its middle in another shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushTarget:
    """A service that the broadcast is also streamed to."""

    target_id: str
    name: str
    address: str
    """Of the server, without the key."""
    key: Secret = field(repr=False)
    is_enabled: bool = True
    crop: Crop = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSettings:
    """`livehouse watch`."""

    relay: str
    room: str
    layer: int | Literal["auto"] = "auto"
    audio_only: bool = False
    saves_data: bool = False
    delay_ms: int = DELAY_MS_DEFAULT
    seconds: float | None = None
    record: Path | None = None
    play: bool = False
    pin: str | None = None
    invite: Secret = field(default=Secret(""), repr=False)
    passphrase: Secret = field(default=Secret(""), repr=False)
    """What opens a private room; both empty for a public one."""


REHEARSAL_PEOPLE_MAX: Final = 50
REHEARSAL_SPEEDS: Final = (0.1, 20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalSettings:
    """`livehouse danmaku rehearse`."""

    relay: str
    room: str
    people: int = 8
    speed: float = 1.0
    pin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceSettings:
    """`livehouse simulate`."""

    relay: str
    viewers: int
    seed: int = 1
    rooms: tuple[str, ...] = ()
    """Empty: all public rooms, the live ones first."""
    picture_share: float = 0.25
    """Of the viewers; the others take the sound alone."""
    seconds: float | None = None
    pin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSettings:
    """`livehouse demo`."""

    files: tuple[Path, ...] = ()
    """Media to show, each in a room of its own."""
    viewers: int = 40
    seed: int = 1
    seconds: float | None = None
    relay: str = ""
    """Where the house is; empty: a relay of its own is started."""
    pin: str | None = None


def parse_seconds(value: float | None) -> float | None:
    """Raises BadInput."""
    if value is not None and not 0 < value <= SECONDS_MAX:
        raise BadInput("--seconds takes a number above 0")
    return value


def parse_second_path(text: str) -> str:
    """An address of this machine, as the system writes it. Raises BadInput."""
    if not text:
        return ""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise BadInput(f"--second-path takes an address of this machine, not {text!r}") from None


def parse_delay_ms(value: int) -> int:
    """Raises BadInput."""
    if not 0 <= value <= DELAY_MS_MAX:
        raise BadInput(f"--delay-ms takes 0 (instant) to {DELAY_MS_MAX} (steady)")
    return value


def parse_layer(text: str) -> int | Literal["auto"]:
    """Raises BadInput."""
    if text == "auto":
        return "auto"
    if text.isdecimal() and int(text) < LAYERS_MAX:
        return int(text)
    raise BadInput(f"--layer takes auto or 0 (lowest) to {LAYERS_MAX - 1}, not {text!r}")


def parse_publish_key(*, environment: str | None, key_file: Path | None) -> Secret:
    """The key from the file where one is given, else from the environment. Raises BadInput."""
    text = _read_secret(environment, key_file, "key")
    if text is None:
        raise BadInput(f"no publish key: set {PUBLISH_KEY_VARIABLE} or give --key-file FILE")
    key = text.strip()
    if not key or len(key) > KEY_CHARACTERS_MAX or any(c.isspace() for c in key):
        raise BadInput("the publish key is one word of at most 128 characters")
    return Secret(key)


def parse_stream_key(*, environment: str | None, key_file: Path | None) -> Secret | None:
    """What an encoder shows at a room's own port; None where one is to be made. Raises BadInput."""
    text = _read_secret(environment, key_file, "stream key")
    if text is None:
        return None
    key = text.strip()
    if not STREAM_KEY_CHARACTERS_MIN <= len(key) <= KEY_CHARACTERS_MAX or not _is_plain(key):
        raise BadInput(
            f"a stream key is {STREAM_KEY_CHARACTERS_MIN} to {KEY_CHARACTERS_MAX} letters, digits, "
            "- and _"
        )
    return Secret(key)


def parse_source_url(*, url: str | None, environment: str | None, url_file: Path | None) -> Secret:
    """An address to pull; one with a password comes from a file or the environment, since other
    users of a machine can read command lines. Raises BadInput."""
    if url is not None and "@" in url.partition("://")[2].partition("/")[0]:
        raise BadInput(f"an address with a password: give --url-file or set {SOURCE_URL_VARIABLE}")
    text = (url or _read_secret(environment, url_file, "address") or "").strip()
    if "://" not in text or not text.isprintable():
        raise BadInput("no address: give --url, as in rtsp://camera.local/stream")
    return Secret(text)


def _is_plain(key: str) -> bool:
    return key.isascii() and key.replace("-", "").replace("_", "").isalnum()


def parse_invite(*, environment: str | None, invite_file: Path | None) -> Secret:
    """As `parse_publish_key`; empty where there is none. Raises BadInput."""
    invite = (_read_secret(environment, invite_file, "invite") or "").strip()
    if len(invite) > TOKEN_CHARACTERS_MAX or any(c.isspace() for c in invite):
        raise BadInput(f"the invite is one word of at most {TOKEN_CHARACTERS_MAX} characters")
    return Secret(invite)


def parse_passphrase(*, environment: str | None, passphrase_file: Path | None) -> Secret:
    """The first line; a passphrase may hold spaces. Empty where there is none. Raises BadInput."""
    text = _read_secret(environment, passphrase_file, "passphrase") or ""
    passphrase = text.splitlines()[0] if text else ""
    if len(passphrase) > PASSWORD_CHARACTERS_MAX:
        raise BadInput(f"a passphrase has at most {PASSWORD_CHARACTERS_MAX} characters")
    return Secret(passphrase)


def _read_secret(environment: str | None, file: Path | None, what: str) -> str | None:
    if file is None:
        return environment
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        words = getattr(error, "strerror", None) or "it is not text"
        raise BadInput(f"cannot read the {what} file {file}: {words}") from None


def parse_room(text: str) -> str:
    """Raises BadInput."""
    room = text.strip()
    if not room or len(room) > ROOM_NAME_CHARACTERS_MAX:
        raise BadInput(
            f"--room takes a room's id or name of at most {ROOM_NAME_CHARACTERS_MAX} characters"
        )
    return room


def parse_rehearsal(
    *, relay: str, room: str, people: int, speed: float, pin: str | None
) -> RehearsalSettings:
    """Raises BadInput."""
    if not 1 <= people <= REHEARSAL_PEOPLE_MAX:
        raise BadInput(f"--people takes 1 to {REHEARSAL_PEOPLE_MAX}")
    slowest, fastest = REHEARSAL_SPEEDS
    if not slowest <= speed <= fastest:
        raise BadInput(f"--speed takes {slowest:g} to {fastest:g}")
    return RehearsalSettings(
        relay=relay, room=parse_room(room), people=people, speed=speed, pin=pin
    )


def parse_audience(
    *,
    relay: str,
    pin: str | None,
    rooms: Sequence[str],
    viewers: int,
    seed: int,
    picture_share: float,
    seconds: float | None,
) -> AudienceSettings:
    """Raises BadInput."""
    _check_viewers(viewers)
    if not 0 <= picture_share <= 1:
        raise BadInput("--picture-share takes 0 (sound only) to 1 (everybody)")
    return AudienceSettings(
        relay=relay,
        pin=pin,
        rooms=tuple(dict.fromkeys(parse_room(room) for room in rooms)),
        viewers=viewers,
        seed=seed,
        picture_share=picture_share,
        seconds=parse_seconds(seconds),
    )


def parse_demo(
    *,
    files: Sequence[Path],
    viewers: int,
    seed: int,
    seconds: float | None,
    relay: str,
    pin: str | None,
) -> DemoSettings:
    """Raises BadInput."""
    if len(files) > DEMO_FILES_MAX:
        raise BadInput(f"the demo shows at most {DEMO_FILES_MAX} files, not {len(files)}")
    for file in files:
        if not file.is_file():
            raise BadInput(f"there is no file {file}")
    _check_viewers(viewers)
    return DemoSettings(
        files=tuple(file.absolute() for file in files),
        viewers=viewers,
        seed=seed,
        seconds=parse_seconds(seconds),
        relay=relay,
        pin=pin,
    )


def _check_viewers(viewers: int) -> None:
    if not 1 <= viewers <= VIEWERS_MAX:
        raise BadInput(f"--viewers takes 1 to {VIEWERS_MAX}: a relay bounds an address's sockets")
