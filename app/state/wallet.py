"""What the wallet's card shows. Frozen; changed only by its methods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wire.coin_events import Movement, Movements, Wallet

MOVEMENTS_MAX: Final = 2000
"""Kept in the list; older ones are for the relay's own `ledger statement`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """In coins; None for no limit."""

    gift_coins: int | None = None
    day_coins: int | None = None
    month_coins: int | None = None


@dataclass(frozen=True, slots=True)
class WalletState:
    """The relay's word, and what is being typed over it."""

    wallet: Wallet | None = None
    draft: Limits | None = None
    """None while nothing is typed."""
    movements: tuple[Movement, ...] = ()
    next_cursor: str = ""

    @property
    def limits(self) -> Limits:
        """What stands in the fields."""
        if self.draft is not None or self.wallet is None:
            return self.draft or Limits()
        return Limits(
            gift_coins=self.wallet.limit_gift_coins,
            day_coins=self.wallet.limit_day_coins,
            month_coins=self.wallet.limit_month_coins,
        )

    @property
    def can_save(self) -> bool:
        return self.draft is not None and self.draft != replace(self, draft=None).limits

    @property
    def has_more(self) -> bool:
        return bool(self.next_cursor) and len(self.movements) < MOVEMENTS_MAX

    def with_wallet(self, wallet: Wallet) -> WalletState:
        """What is being typed stays."""
        return replace(self, wallet=wallet)

    def saved(self, wallet: Wallet) -> WalletState:
        """What was typed has become true."""
        return replace(self, wallet=wallet, draft=None)

    def with_draft(self, draft: Limits) -> WalletState:
        return replace(self, draft=draft)

    def with_page(self, page: Movements, *, cursor: str = "") -> WalletState:
        """The newest page begins the list anew; an older one, which was asked for with a cursor,
        goes below, without doubles, where the list still ends there."""
        if cursor and cursor != self.next_cursor:
            return self
        before = self.movements if cursor else ()
        known = {(one.transfer_id, one.unit) for one in before}
        fresh = tuple(one for one in page.movements if (one.transfer_id, one.unit) not in known)
        movements = (*before, *fresh)[:MOVEMENTS_MAX]
        return replace(self, movements=movements, next_cursor=page.next_cursor)
