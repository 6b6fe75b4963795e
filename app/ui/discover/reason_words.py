"""Why a room is recommended, in words: short on a card, whole where somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from app.ui.plain_text import join_sentences, one_line

if TYPE_CHECKING:
    from wire.discovery_events import BelievedStreamer
    from wire.event_base import Reason, ReasonKind

NAMES_MAX: Final = 2
NAME_CHARACTERS_MAX: Final = 24


def describe_reason(reason: Reason) -> str:
    """One line for a card."""
    translate = QCoreApplication.translate
    words: dict[ReasonKind, str] = {
        "watched": translate("Reasons", "You watched {0} times this month")
        if reason.count > 1
        else translate("Reasons", "You watched this month"),
        "alike": translate("Reasons", "Like {1}, which you watch"),
        "friends": translate("Reasons", "{0} friends watching")
        if reason.count > 1
        else translate("Reasons", "A friend is watching"),
        "category": translate("Reasons", "You often watch {1}"),
        "followed": translate("Reasons", "You follow the host"),
        "rising": translate("Reasons", "Rising now"),
        "new_streamer": translate("Reasons", "New streamer"),
        "popular": translate("Reasons", "Popular now"),
        "taste": translate("Reasons", "Fits what you watch"),
        "interest": translate("Reasons", "You chose {1}"),
        "recent": translate("Reasons", "New recording"),
        "open": translate("Reasons", "Live right now"),
    }
    return _fill(words, reason)


def describe_recorded(reason: Reason) -> str:
    """One line for the card of a recording, which does not say that the recording was watched."""
    translate = QCoreApplication.translate
    if reason.kind == "watched":
        words = (
            translate("Reasons", "You watched the host {0} times this month")
            if reason.count > 1
            else translate("Reasons", "You watched the host this month")
        )
        return words.replace("{0}", str(reason.count))
    if reason.kind == "open":
        return translate("Reasons", "Recorded in this house")
    return describe_reason(reason)


def explain_reason(reason: Reason) -> str:
    """A sentence or two."""
    translate = QCoreApplication.translate
    words: dict[ReasonKind, str] = {
        "watched": translate("Reasons", "Your visits to this streamer in the last 30 days: {0}."),
        "alike": translate("Reasons", "People who like {1}, as you do, like this, too."),
        "friends": translate("Reasons", "People you follow are watching this right now: {0}."),
        "category": translate("Reasons", "You often watch the category {1}."),
        "followed": translate("Reasons", "You follow this streamer."),
        "rising": translate("Reasons", "More and more people come here in these minutes."),
        "new_streamer": translate("Reasons", "This streamer is new here, and should get a chance."),
        "popular": translate("Reasons", "Many people watch this at this time."),
        "taste": translate("Reasons", "No single thing decided: all that you watch together did."),
        "interest": translate("Reasons", "{1} is one of the interests that you chose."),
        "recent": translate("Reasons", "This was recorded in the last weeks."),
        "open": translate("Reasons", "Nothing is known yet that speaks for or against it."),
    }
    more = []
    if reason.is_discovery:
        more.append(
            translate("Reasons", "This place is kept for streamers that you do not know yet.")
        )
    if reason.is_approximate:
        more.append(
            translate(
                "Reasons", "The model in use does not count by addition: this is its best guess."
            )
        )
    return join_sentences(_fill(words, reason), *more)


def describe_watched(one: BelievedStreamer) -> str:
    """How often and how long."""
    translate = QCoreApplication.translate
    visits = (
        translate("Reasons", "1 visit") if one.visits == 1 else translate("Reasons", "{0} visits")
    )
    if one.minutes:
        minutes = translate("Reasons", "{0} min").replace("{0}", f"{one.minutes:,}")
    else:
        minutes = translate("Reasons", "under a minute")
    return f"{visits.replace('{0}', f'{one.visits:,}')} · {minutes}"


def _fill(words: dict[ReasonKind, str], reason: Reason) -> str:
    """Of a kind that a newer relay has, or that lacks its names: the vaguest that is true."""
    names = list_names(reason.names)
    found = words.get(reason.kind, words["taste"])
    if "{1}" in found and not names:
        found = words["taste"]
    return found.replace("{0}", str(reason.count)).replace("{1}", names)


def list_names(names: tuple[str, ...]) -> str:
    """A, or A and B; whatever strangers are called, it stays one short line."""
    shown = [one_line(name, NAME_CHARACTERS_MAX) for name in names[:NAMES_MAX]]
    shown = [name for name in shown if name]
    if len(shown) < NAMES_MAX:
        return "".join(shown)
    between = QCoreApplication.translate("Reasons", "{0} and {1}")
    return between.replace("{0}", "").replace("{1}", "").join(shown)
