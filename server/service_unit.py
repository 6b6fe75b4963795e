"""A unit for systemd, so that a relay at home comes up with its machine and after a fall. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

UNIT_NAME: Final = "livehouse-relay.service"
STOP_S: Final = 15
"""The relay promises ten."""
OPEN_FILES: Final = 8192
"""One for each socket, and room."""


def write_unit(command: Sequence[str]) -> str:
    """The text of a user's unit that runs `command`."""
    return f"""[Unit]
Description=Livehouse relay
After=network-online.target
Wants=network-online.target

[Service]
ExecStart={" ".join(_quote(word) for word in command)}
Restart=on-failure
RestartSec=2
TimeoutStopSec={STOP_S}
LimitNOFILE={OPEN_FILES}
NoNewPrivileges=true

[Install]
WantedBy=default.target
"""


def _quote(word: str) -> str:
    """As systemd reads words: `%`, `$`, quotes and backslashes mean something to it."""
    plain = word.replace("%", "%%").replace("$", "$$")
    if plain and all(letter.isalnum() or letter in "-_./:=@+,%$" for letter in plain):
        return plain
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
