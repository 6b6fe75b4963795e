"""Gifts: the price from the catalogue, the transfer on disk, and then the room hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from server.gifts.rules import Combos
from server.ledger import queries
from server.ledger.rules import Booked, Draft, beans_of, coins_of, move
from server.ledger.service import client_key
from wire.coin_events import GiftAccepted, GiftCatalogue, GiftInfo, GiftSent
from wire.errors import ErrorCode, WireError
from wire.ids import TransferId

if TYPE_CHECKING:
    from server.accounts.actor import Login
    from server.clocks import Clocks
    from server.gifts.choices import GiftChoices
    from server.ledger.service import LedgerService
    from server.rooms.live_view import LiveView
    from server.store.session import Session
    from wire.coin_commands import SendGift
    from wire.event_base import Event
    from wire.ids import GiftId, RoomId, UserId

_NEW: Final = True


class GiftService:
    """Event loop's thread only."""

    def __init__(
        self,
        ledger: LedgerService,
        live: LiveView,
        *,
        choices: GiftChoices,
        post: Callable[[RoomId, Event], None],
        clocks: Clocks,
    ) -> None:
        self._ledger = ledger
        self._live = live
        self._choices = choices
        self._post = post
        self._clocks = clocks
        self._combos = Combos()

    def catalogue(self) -> GiftCatalogue:
        return GiftCatalogue(gifts=self._choices.offered())

    def price_of(self, gift_id: GiftId) -> int:
        """In coins; 0 for a gift that is not there."""
        gift = self._choices.find(gift_id)
        return gift.price_coins if gift is not None else 0

    async def send(self, login: Login, command: SendGift, *, owner_id: UserId) -> GiftAccepted:
        """The caller has checked that the sender may give in the room.

        Raises WireError: NOT_FOUND, FORBIDDEN, NOT_LIVE, NOT_ENOUGH_COINS, LIMIT_REACHED,
        ALREADY_DONE.
        """
        gift = self._choices.find(command.gift_id)
        if gift is None:
            raise WireError(ErrorCode.NOT_FOUND, "there is no such gift", field="gift_id")
        if owner_id == login.user.user_id:
            raise WireError(ErrorCode.FORBIDDEN, "nobody gives to its own room")
        return await self._ledger.carry_out(lambda: self._give(login, command, gift, owner_id))

    async def _give(
        self, login: Login, command: SendGift, gift: GiftInfo, owner_id: UserId
    ) -> GiftAccepted:
        """In turn: nobody else's coins move meanwhile."""
        user_id, room_id = login.user.user_id, command.room_id
        broadcast = self._live.broadcast(room_id)
        coins = gift.price_coins * command.count
        media_time_us = self._live.media_time_us(room_id)
        now_s = self._clocks.mono_s()
        draft = Draft(
            transfer_id=self._ledger.make_id(),
            kind="gift",
            at_unix_ms=self._clocks.unix_ms(),
            lines=move(coins, source=coins_of(user_id), target=beans_of(owner_id)),
            by_user_id=user_id,
            key=client_key(command.idempotency_key),
            content=f"gift {room_id} {gift.gift_id} {command.count}",
            room_id=room_id,
            broadcast_id=broadcast.broadcast_id if broadcast else None,
            gift_id=gift.gift_id,
            count=command.count,
            combo=self._combos.next(
                user_id, gift.gift_id, room_id, count=command.count, now_s=now_s
            ),
        )

        def work(session: Session) -> tuple[Booked, bool]:
            done = queries.find_done(
                session, user_id, client_key(command.idempotency_key), draft.content
            )
            if done is not None:
                return done, not _NEW
            if broadcast is None:
                raise WireError(ErrorCode.NOT_LIVE, "nothing is live in this room")
            self._ledger.check_limits(session, user_id, coins)
            return queries.book(session, draft), _NEW

        booked, is_new = await self._ledger.write(work)
        if is_new:
            self._combos.note(user_id, gift.gift_id, room_id, combo=draft.combo, now_s=now_s)
            self._post(
                room_id,
                GiftSent(
                    room_id=room_id,
                    transfer_id=TransferId(draft.transfer_id),
                    user_id=user_id,
                    name=login.user.name,
                    gift_id=gift.gift_id,
                    count=command.count,
                    combo=draft.combo,
                    coins=coins,
                    sent_at_unix_ms=draft.at_unix_ms,
                    media_time_us=media_time_us,
                ),
            )
        return GiftAccepted(
            transfer_id=TransferId(str(booked.fields["id"])),
            balance_coins=booked.entries[0].balance,
            combo=int(booked.fields["combo"] or 0),
        )
