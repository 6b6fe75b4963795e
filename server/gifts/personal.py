"""What red packets keep of a user: they stand beside the book, which is checked against them."""

from __future__ import annotations

from typing import Final

from sqlmodel import select

from server.gifts.tables import RedPacket, RedPacketPart
from server.privacy.parts import Part, Section

_WHY: Final = "the ledger is checked against it; the id is a pseudonym once the user is erased"


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "red_packets",
            select(
                RedPacket.id, RedPacket.room_id, RedPacket.coins, RedPacket.ends_at_unix_ms
            ).where(RedPacket.user_id == user_id),
        ),
        Section(
            "red_packet_shares",
            select(RedPacketPart.packet_id, RedPacketPart.coins).where(
                RedPacketPart.user_id == user_id
            ),
        ),
    )


PART: Final = Part(
    kept={"red_packets.user_id": _WHY, "red_packet_shares.user_id": _WHY}, sections=_sections
)
