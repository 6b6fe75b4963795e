"""What can be given, read once from resources/gifts/catalogue.json: the only source of prices."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from server.errors import SettingsError
from wire.coin_events import GiftInfo
from wire.ids import GiftId
from wire.limits import COINS_MAX

LANGUAGES: Final = frozenset({"en", "zh_CN"})


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    gift_id: Annotated[str, Meta(pattern="^[a-z][a-z_]{1,30}$")]
    price_coins: Annotated[int, Meta(ge=1, le=COINS_MAX)]
    effect: Literal["banner", "combo", "stage"]
    names: dict[str, Annotated[str, Meta(min_length=1, max_length=30)]]


def parse_catalogue(text: bytes) -> tuple[GiftInfo, ...]:
    """Cheapest first. Raises SettingsError."""
    try:
        rows = msgspec.json.decode(text, type=list[_Row])
    except msgspec.MsgspecError as error:
        raise SettingsError(f"the catalogue of gifts cannot be read: {error}") from None
    if len({row.gift_id for row in rows}) != len(rows):
        raise SettingsError("the catalogue of gifts names one twice")
    for row in rows:
        if row.names.keys() != LANGUAGES:
            raise SettingsError(f"the gift {row.gift_id} needs a name in each language")
    return tuple(
        GiftInfo(
            gift_id=GiftId(row.gift_id),
            price_coins=row.price_coins,
            effect=row.effect,
            names=row.names,
        )
        for row in sorted(rows, key=lambda row: (row.price_coins, row.gift_id))
    )


def load_catalogue() -> tuple[GiftInfo, ...]:
    return parse_catalogue((files("resources") / "gifts" / "catalogue.json").read_bytes())
