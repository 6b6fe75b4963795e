"""Tables of red packets. The coins themselves stand in the ledger's escrow account of each."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, UniqueConstraint
from sqlmodel import Field, SQLModel


class RedPacket(SQLModel, table=True):
    __tablename__ = "red_packets"

    id: str = Field(primary_key=True)
    room_id: str
    user_id: str
    """Who put the coins in."""
    coins: int = Field(sa_type=BigInteger)
    ends_at_unix_ms: int = Field(sa_type=BigInteger)
    ended_at_unix_ms: int | None = Field(default=None, sa_type=BigInteger, index=True)


class RedPacketPart(SQLModel, table=True):
    """One share, drawn when the packet was made."""

    __tablename__ = "red_packet_shares"
    __table_args__ = (UniqueConstraint("packet_id", "user_id", name="uq_red_packet_shares_user"),)

    packet_id: str = Field(sa_column=Column(ForeignKey("red_packets.id"), primary_key=True))
    number: int = Field(primary_key=True)
    coins: int = Field(sa_type=BigInteger)
    user_id: str | None = None
    """Who was quick; null while it is free."""
    balance_coins: int = Field(default=0, sa_type=BigInteger)
    """The winner's, as it was answered."""


class GiftChoice(SQLModel, table=True):
    """What the house's admins made of a gift of the catalogue. No row: as the catalogue has it."""

    __tablename__ = "gift_choices"

    gift_id: str = Field(primary_key=True)
    is_on: bool
    price_coins: int = Field(sa_type=BigInteger)
    """0: the catalogue's own."""
