"""Why a gift cannot be given, and what came of it, in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.errors import LivehouseError, RelayRefused
from app.ui.errors_in_words import explain
from app.ui.gift_art import coins_text, gift_name
from app.ui.plain_text import one_line
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from app.state.gifts import GiftsState, Refusal, Span
    from wire.coin_events import GiftSent

NAME_CHARACTERS_MAX = 40


def refusal_words(refusal: Refusal) -> str:
    translate = QCoreApplication.translate
    sentences: dict[Refusal, str] = {
        "guest": translate("Gifts", "Sign in under Me to give."),
        "own_room": translate("Gifts", "This is your own room: gifts come from others."),
        "not_live": translate("Gifts", "Nobody is live here now. Gifts can be given while live."),
        "too_few_coins": translate("Gifts", "You have too few coins for this."),
        "limit": translate("Gifts", "This would go beyond a limit that you set in your wallet."),
        "too_fast": translate("Gifts", "One moment: the last gifts are still on their way."),
    }
    return sentences[refusal]


def error_words(state: GiftsState) -> str:
    """What became of the last press, where it went wrong."""
    if state.error is None:
        return ""
    if state.unanswered is None:
        return explain(state.error)
    return QCoreApplication.translate(
        "Gifts",
        "The relay did not answer, so nobody knows yet whether this was given. "
        "Trying again never pays twice.",
    )


def needs_wallet(error: LivehouseError | None) -> bool:
    codes = {ErrorCode.NOT_ENOUGH_COINS, ErrorCode.LIMIT_REACHED}
    return isinstance(error, RelayRefused) and error.code in codes


def gift_line(sent: GiftSent, state: GiftsState) -> str:
    """For the chat list."""
    gift = gift_name(state.find_gift(sent.gift_id), sent.gift_id)
    words = QCoreApplication.translate("Gifts", "{name} gave {gift}")
    line = words.replace("{gift}", gift).replace("{name}", short_name(sent.name))
    return line if sent.combo <= 1 else f"{line} ×{sent.combo:,}"


def packet_line(name: str, coins: int) -> str:
    words = QCoreApplication.translate("Gifts", "{name} sent a red packet of {coins}")
    return words.replace("{coins}", coins_text(coins)).replace("{name}", short_name(name))


def share_words(name: str, coins: int) -> str:
    """After a grab."""
    words = QCoreApplication.translate("Gifts", "You got {coins} from {name}'s red packet!")
    return words.replace("{coins}", coins_text(coins)).replace("{name}", short_name(name))


def half_words(span: Span) -> str:
    if span == "day":
        return QCoreApplication.translate("Gifts", "You have spent half of your limit for a day.")
    return QCoreApplication.translate("Gifts", "You have spent half of your limit for a month.")


def short_name(name: str) -> str:
    return one_line(name, NAME_CHARACTERS_MAX)
