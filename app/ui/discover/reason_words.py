"""Why a room is recommended, in words: short on a card, whole where somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from app.ui.plain_text import one_line

if TYPE_CHECKING:
    from wire.event_base import Reason

NAMES_MAX: Final = 2
NAME_CHARACTERS_MAX: Final = 24


def describe_reason(reason: Reason) -> str:
    """One line for a card."""
    translate = QCoreApplication.translate
    names, count = list_names(reason.names), reason.count
    match reason.kind:
        case "watched" if count > 1:
            return translate("Reasons", "You watched {0} times this month").replace(
                "{0}", str(count)
            )
        case "watched":
            return translate("Reasons", "You watched this month")
        case "alike" if names:
            return translate("Reasons", "Like {0}, which you watch").replace("{0}", names)
        case "friends" if count > 1:
            return translate("Reasons", "{0} friends watching").replace("{0}", str(count))
        case "friends":
            return translate("Reasons", "A friend is watching")
        case "category" if names:
            return translate("Reasons", "You often watch {0}").replace("{0}", names)
        case "followed":
            return translate("Reasons", "You follow the host")
        case "rising":
            return translate("Reasons", "Rising now")
        case "new_streamer":
            return translate("Reasons", "New streamer")
        case "popular":
            return translate("Reasons", "Popular now")
        case _:
            return translate("Reasons", "Fits what you watch")


def explain_reason(reason: Reason) -> str:
    """A sentence or two."""
    translate = QCoreApplication.translate
    names, count = list_names(reason.names), str(reason.count)
    match reason.kind:
        case "watched":
            words = translate(
                "Reasons", "In the last 30 days you were with this streamer {0} times."
            ).replace("{0}", count)
        case "alike" if names:
            words = translate("Reasons", "People who like {0}, as you do, like this, too.").replace(
                "{0}", names
            )
        case "friends":
            words = translate(
                "Reasons", "People you follow are watching this right now: {0}."
            ).replace("{0}", count)
        case "category" if names:
            words = translate("Reasons", "You often watch the category {0}.").replace("{0}", names)
        case "followed":
            words = translate("Reasons", "You follow this streamer.")
        case "rising":
            words = translate("Reasons", "More and more people come here in these minutes.")
        case "new_streamer":
            words = translate("Reasons", "This streamer is new here, and should get a chance.")
        case "popular":
            words = translate("Reasons", "Many people watch this at this time.")
        case _:
            words = translate(
                "Reasons", "No single thing decided: all of what you watch together did."
            )
    more = []
    if reason.is_discovery:
        more.append(
            translate("Reasons", "This place is kept for streamers that you do not know yet.")
        )
    if reason.is_approximate:
        more.append(
            translate("Reasons", "The model in use does not count by addition: this is its best guess.")
        )
    return " ".join((words, *more))


def list_names(names: tuple[str, ...]) -> str:
    """A, or A and B; whatever strangers are called, it stays one short line."""
    shown = [one_line(name, NAME_CHARACTERS_MAX) for name in names[:NAMES_MAX]]
    shown = [name for name in shown if name]
    if len(shown) < 2:
        return "".join(shown)
    both = QCoreApplication.translate("Reasons", "{0} and {1}")
    first, _, last = both.partition("{0}")
    return f"{first}{shown[0]}{last.replace('{1}', shown[1])}"
