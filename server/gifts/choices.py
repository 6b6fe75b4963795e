"""What the house offers of the catalogue, and at what prices: an admin's choice over the file's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

from server.gifts import queries
from server.store.store import nothing_more
from wire.admin_events import HouseGift, HouseGifts
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from server.store.session import Session
    from server.store.store import Store
    from wire.coin_events import GiftInfo
    from wire.ids import GiftId


class GiftChoices:
    """Read without waiting. Event loop's thread only."""

    def __init__(self, catalogue: Iterable[GiftInfo], store: Store) -> None:
        self._catalogue: dict[str, GiftInfo] = {gift.gift_id: gift for gift in catalogue}
        self._store = store
        self._choices: dict[str, tuple[bool, int]] = {}
        """By gift: whether it is offered, and its price, 0 for the catalogue's."""

    async def load(self) -> None:
        self._choices = await self._store.read(queries.load_choices)

    def offered(self) -> tuple[GiftInfo, ...]:
        """Cheapest first."""
        gifts = [self._priced(gift) for gift in self._catalogue.values() if self._is_on(gift)]
        return tuple(sorted(gifts, key=lambda gift: (gift.price_coins, gift.gift_id)))

    def find(self, gift_id: GiftId) -> GiftInfo | None:
        """None where it is not offered."""
        gift = self._catalogue.get(gift_id)
        return self._priced(gift) if gift is not None and self._is_on(gift) else None

    def list_all(self) -> HouseGifts:
        return HouseGifts(
            gifts=tuple(
                HouseGift(
                    gift_id=gift.gift_id,
                    names=gift.names,
                    effect=gift.effect,
                    price_coins=self._priced(gift).price_coins,
                    default_price_coins=gift.price_coins,
                    is_on=self._is_on(gift),
                )
                for gift in self._catalogue.values()
            )
        )

    async def choose(
        self,
        gift_id: GiftId,
        *,
        is_on: bool,
        price_coins: int,
        then: Callable[[Session], None] = nothing_more,
    ) -> None:
        """From now on, and after a restart. `then` runs in the same transaction.

        Raises WireError(NOT_FOUND).
        """
        gift = self._catalogue.get(gift_id)
        if gift is None:
            raise WireError(ErrorCode.NOT_FOUND, "there is no such gift", field="gift_id")
        price = 0 if price_coins == gift.price_coins else price_coins

        def work(session: Session) -> None:
            queries.put_choice(session, gift_id, is_on=is_on, price_coins=price)
            then(session)

        await self._store.write(work)
        self._choices[gift_id] = (is_on, price)

    def choice(self, gift_id: GiftId) -> tuple[bool, int]:
        """Whether it is offered, and its price, 0 for the catalogue's."""
        return self._choices.get(gift_id, (True, 0))

    def _is_on(self, gift: GiftInfo) -> bool:
        return self._choices.get(gift.gift_id, (True, 0))[0]

    def _priced(self, gift: GiftInfo) -> GiftInfo:
        price = self._choices.get(gift.gift_id, (True, 0))[1]
        return msgspec.structs.replace(gift, price_coins=price) if price else gift
