"""The chat and the gifts of a recording as a file: CSV for a spreadsheet, JSON for a program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import msgspec

from app.state.moment import write_moment
from app.state.spreadsheet import write_table
from wire import coin_events, event_base, events

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS: Final = (
    "moment",
    "at_ms",
    "sent_at",
    "kind",
    "user_id",
    "name",
    "role",
    "text",
    "gift_id",
    "count",
    "coins",
    "message_id",
)
_KINDS: Final = (
    event_base.DanmakuPosted,
    coin_events.GiftSent,
    coin_events.RedPacketOpened,
    coin_events.RedPacketGrabbed,
)


def select(entries: Iterable[events.TimelineEntry]) -> tuple[events.TimelineEntry, ...]:
    """Chat and gifts."""
    return tuple(entry for entry in entries if isinstance(entry.event, _KINDS))


def write_csv(entries: Iterable[events.TimelineEntry], write_time: Callable[[int], str]) -> str:
    """`write_time` says a moment in Unix milliseconds."""
    rows = [_write_row(entry, write_time) for entry in select(entries)]
    return write_table(COLUMNS, rows)


def write_json(entries: Iterable[events.TimelineEntry]) -> str:
    """An array of entries as the wire has them."""
    return msgspec.json.format(msgspec.json.encode(select(entries)), indent=2).decode() + "\n"


def _write_row(
    entry: events.TimelineEntry, write_time: Callable[[int], str]
) -> tuple[str | int, ...]:
    when = (write_moment(entry.at_ms), entry.at_ms)
    match entry.event:
        case event_base.DanmakuPosted() as said:
            sent_at = write_time(said.sent_at_unix_ms)
            sender = (said.user_id, said.name, said.role)
            return (*when, sent_at, "danmaku", *sender, said.text, "", "", "", said.message_id)
        case coin_events.GiftSent() as gift:
            sent_at = write_time(gift.sent_at_unix_ms)
            giver = (gift.user_id, gift.name, "")
            return (*when, sent_at, "gift", *giver, "", gift.gift_id, gift.count, gift.coins, "")
        case coin_events.RedPacketOpened() as packet:
            opener = (packet.user_id, packet.name, "")
            return (*when, "", "red_packet", *opener, "", "", packet.shares, packet.coins, "")
        case coin_events.RedPacketGrabbed() as share:
            taker = (share.user_id, share.name, "")
            return (*when, "", "red_packet_share", *taker, "", "", "", share.coins, "")
    raise TypeError(type(entry.event).__name__)
