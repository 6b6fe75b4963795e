"""The statements of red packets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlmodel import col, select, update

from server.gifts.tables import GiftChoice, RedPacket, RedPacketPart
from server.ledger.audit import PacketState
from server.ledger.rules import escrow_of

if TYPE_CHECKING:
    from server.store.session import Session


@dataclass(frozen=True)
class Packet:
    packet_id: str
    room_id: str
    user_id: str
    coins: int
    ends_at_unix_ms: int
    is_over: bool
    shares_left: int


@dataclass(frozen=True)
class Share:
    number: int
    coins: int
    balance_coins: int


def insert_packet(
    session: Session,
    *,
    packet_id: str,
    room_id: str,
    user_id: str,
    shares: tuple[int, ...],
    ends_at_unix_ms: int,
) -> None:
    session.add(
        RedPacket(
            id=packet_id,
            room_id=room_id,
            user_id=user_id,
            coins=sum(shares),
            ends_at_unix_ms=ends_at_unix_ms,
        )
    )
    session.flush()
    session.add_all(
        RedPacketPart(packet_id=packet_id, number=number, coins=coins)
        for number, coins in enumerate(shares)
    )


def find_packet(session: Session, packet_id: str) -> Packet | None:
    row = session.get(RedPacket, packet_id)
    return _packet(session, row) if row else None


def open_packets(session: Session) -> list[Packet]:
    rows = session.exec(
        select(RedPacket)
        .where(col(RedPacket.ended_at_unix_ms).is_(None))
        .order_by(col(RedPacket.ends_at_unix_ms), col(RedPacket.id))
    ).all()
    return [_packet(session, row) for row in rows]


def count_open(session: Session, room_id: str) -> int:
    return session.exec(
        select(func.count())
        .select_from(RedPacket)
        .where(RedPacket.room_id == room_id, col(RedPacket.ended_at_unix_ms).is_(None))
    ).one()


def find_share_of(session: Session, packet_id: str, user_id: str) -> Share | None:
    return _first_share(session, packet_id, user_id)


def find_free_share(session: Session, packet_id: str) -> Share | None:
    """The next one in the order of drawing."""
    return _first_share(session, packet_id, None)


def take_share(
    session: Session, packet_id: str, number: int, user_id: str, balance_coins: int
) -> bool:
    """False when it is not free any more."""
    taken = session.execute(
        update(RedPacketPart)
        .where(
            col(RedPacketPart.packet_id) == packet_id,
            col(RedPacketPart.number) == number,
            col(RedPacketPart.user_id).is_(None),
        )
        .values(user_id=user_id, balance_coins=balance_coins)
        .returning(col(RedPacketPart.number))
    )
    return taken.first() is not None


def shares_left(session: Session, packet_id: str) -> int:
    return session.exec(
        select(func.count())
        .select_from(RedPacketPart)
        .where(RedPacketPart.packet_id == packet_id, col(RedPacketPart.user_id).is_(None))
    ).one()


def end_packet(session: Session, packet_id: str, now_unix_ms: int) -> None:
    session.execute(
        update(RedPacket)
        .where(col(RedPacket.id) == packet_id, col(RedPacket.ended_at_unix_ms).is_(None))
        .values(ended_at_unix_ms=now_unix_ms)
    )


def read_packet_states(session: Session) -> list[PacketState]:
    """What must be in each packet's escrow: its free shares, or nothing once it is over."""
    free = func.coalesce(func.sum(RedPacketPart.coins), 0)
    rows = session.exec(
        select(RedPacket.id, RedPacket.user_id, RedPacket.ended_at_unix_ms, free)
        .join(
            RedPacketPart,
            (col(RedPacketPart.packet_id) == col(RedPacket.id))
            & col(RedPacketPart.user_id).is_(None),
            isouter=True,
        )
        .group_by(col(RedPacket.id), col(RedPacket.user_id), col(RedPacket.ended_at_unix_ms))
    ).all()
    return [
        PacketState(escrow_of(packet_id, user_id).account_id, int(coins) if ended_at is None else 0)
        for packet_id, user_id, ended_at, coins in rows
    ]


def _first_share(session: Session, packet_id: str, user_id: str | None) -> Share | None:
    row = session.exec(
        select(RedPacketPart)
        .where(
            RedPacketPart.packet_id == packet_id,
            col(RedPacketPart.user_id).is_(None)
            if user_id is None
            else RedPacketPart.user_id == user_id,
        )
        .order_by(col(RedPacketPart.number))
        .limit(1)
    ).first()
    return Share(row.number, row.coins, row.balance_coins) if row else None


def _packet(session: Session, row: RedPacket) -> Packet:
    return Packet(
        row.id,
        row.room_id,
        row.user_id,
        row.coins,
        row.ends_at_unix_ms,
        row.ended_at_unix_ms is not None,
        shares_left(session, row.id),
    )


def load_choices(session: Session) -> dict[str, tuple[bool, int]]:
    """By gift: whether it is offered, and its price, 0 for the catalogue's."""
    rows = session.exec(select(GiftChoice)).all()
    return {row.gift_id: (row.is_on, row.price_coins) for row in rows}


def put_choice(session: Session, gift_id: str, *, is_on: bool, price_coins: int) -> None:
    session.merge(GiftChoice(gift_id=gift_id, is_on=is_on, price_coins=price_coins))
