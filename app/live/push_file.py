"""The file of `livehouse publish --push-file`: where to stream to besides the room.

[[target]]
name = "Somewhere"
address = "rtmp://live.example.org/app"
key = "..."                # or key_file = "FILE"
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from app.errors import BadInput
from app.live.pushing import TARGETS_MAX
from app.net.rtmp.address import parse_rtmp_address, parse_stream_key
from app.settings import CROPS, PushTarget, Secret

NAME_CHARACTERS_MAX: Final = 40
_FIELDS: Final = frozenset({"name", "address", "key", "key_file", "crop"})


def read_push_file(path: Path) -> tuple[PushTarget, ...]:
    """Raises BadInput, in words that hold no key."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeError) as error:
        words = getattr(error, "strerror", None) or "it is not text"
        raise BadInput(f"cannot read the file of targets {path}: {words}") from None
    except tomllib.TOMLDecodeError:
        # Its own words repeat the line, and with it the key.
        raise BadInput(f"the file of targets {path} is no TOML") from None
    tables = content.get("target")
    if set(content) != {"target"} or not isinstance(tables, list) or not tables:
        raise BadInput(f"{path} holds nothing but [[target]] tables")
    if len(tables) > TARGETS_MAX:
        raise BadInput(f"{path} names {len(tables)} targets, at most {TARGETS_MAX} can be used")
    return tuple(_parse(table, number, path) for number, table in enumerate(tables, 1))


def parse_target(
    target_id: str,
    name: str,
    address: str,
    key: str,
    *,
    is_enabled: bool = True,
    crop: str = "",
) -> PushTarget:
    """Checked. Raises BadInput, in words that hold no key."""
    name = name.strip()
    if not name or len(name) > NAME_CHARACTERS_MAX or not name.isprintable():
        raise BadInput(f"a target's name has 1 to {NAME_CHARACTERS_MAX} characters")
    known = next((one for one in CROPS if one == crop), None)
    if known is None:
        raise BadInput(f"a crop is one of {', '.join(one for one in CROPS if one)}")
    return PushTarget(
        target_id=target_id,
        name=name,
        address=parse_rtmp_address(address).url,
        key=Secret(parse_stream_key(key)),
        is_enabled=is_enabled,
        crop=known,
    )


def _parse(table: object, number: int, path: Path) -> PushTarget:
    if not isinstance(table, dict) or not set(table) <= _FIELDS:
        raise BadInput(
            f"target {number} of {path} has other fields than name, address, key and crop"
        )
    if any(not isinstance(value, str) for value in table.values()):
        raise BadInput(f"target {number} of {path}: all fields are texts")
    key = table.get("key", "")
    if "key_file" in table:
        try:
            key = (path.parent / table["key_file"]).read_text("utf-8")
        except (OSError, UnicodeError):
            raise BadInput(f"target {number} of {path}: its key_file cannot be read") from None
    try:
        return parse_target(
            str(number),
            table.get("name", f"target {number}"),
            table.get("address", ""),
            key,
            crop=table.get("crop", ""),
        )
    except BadInput as error:
        raise BadInput(f"target {number} of {path}: {error.message}") from None
