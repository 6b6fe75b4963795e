"""How the recordings' share of the relay's disk stands. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from wire.replay_events import RecordingShare

Standing = Literal["", "off", "disk_full", "share_full", "disk_low", "share_low"]
"""Empty: nothing is to be done.

off: this relay records nothing. full: recording waits, for the disk is full or what is to be kept
has used up the share. low: it is not far from there.
"""

FREE_AGAIN: Final = 1.1
"""Times what must be free: so much before it goes on by itself."""
LOW_DISK: Final = 1.5
"""The same: so much is not far from too little."""
LOW_SHARE: Final = 0.8
"""Of the share, taken by what is to be kept."""


def find_standing(share: RecordingShare) -> Standing:
    if not share.is_on:
        return "off"
    if share.is_full:
        is_disk = share.free_bytes < share.free_bytes_min * FREE_AGAIN
        return "disk_full" if is_disk else "share_full"
    if share.free_bytes <= share.free_bytes_min * LOW_DISK:
        return "disk_low"
    return "share_low" if share.kept_bytes >= share.bytes_max * LOW_SHARE else ""
