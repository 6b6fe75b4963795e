"""What the relay did by itself, and why, in the window's language; a person's words as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.plain_text import one_line
from wire.causes import parse_causes
from wire.limits import REASON_CHARACTERS_MAX

if TYPE_CHECKING:
    from wire.detection_events import SignalName


def describe_cause(reason: str, characters_max: int = REASON_CHARACTERS_MAX) -> str:
    """One line."""
    causes = parse_causes(reason)
    if causes is None:
        return one_line(reason, characters_max)
    translate = QCoreApplication.translate
    if causes.kind == "raid":
        first = translate("Causes", "%1 new people wrote at once")
        first = first.replace("%1", str(causes.people))
        words = _raid_words()
        said = list_words(words[name] for name, _count in causes.signals if name in words)
        return _add(first, said)
    words = _words()
    said = list_words(words[name].replace("%1", str(count)) for name, count in causes.signals)
    said = said or translate("Causes", "how they behave")
    return _add(said, one_line(causes.name, characters_max))


def _add(first: str, more: str) -> str:
    if not more:
        return first
    words = QCoreApplication.translate("Causes", "%1: %2")
    return words.replace("%1", first, 1).replace("%2", more, 1)


def list_words(parts: Iterable[str]) -> str:
    """With the comma of the language."""
    return QCoreApplication.translate("Causes", ", ").join(parts)


def _words() -> dict[SignalName, str]:
    translate = QCoreApplication.translate
    return {
        "young_account": translate("Causes", "account made %1 min ago"),
        "came_just_now": translate("Causes", "new in this room"),
        "writes_fast": translate("Causes", "%1 messages within seconds"),
        "repeats_itself": translate("Causes", "the same text %1 times"),
        "same_text": translate("Causes", "%1 newcomers with one text"),
        "same_device": translate("Causes", "a device shared with %1 others here"),
        "same_address": translate("Causes", "%1 newcomers behind one address"),
        "refused": translate("Causes", "%1 refused messages"),
        "comes_and_goes": translate("Causes", "came and went %1 times"),
        "reported": translate("Causes", "reported %1 times"),
        "banned_device": translate("Causes", "a device of somebody banned"),
        "banned_address": translate("Causes", "an address of somebody banned"),
        "unusual": translate("Causes", "unlike what is usual here"),
    }


def _raid_words() -> dict[SignalName, str]:
    """What they have in common."""
    translate = QCoreApplication.translate
    return {
        "young_account": translate("Causes", "young accounts"),
        "came_just_now": translate("Causes", "all new here"),
        "writes_fast": translate("Causes", "many messages each"),
        "same_text": translate("Causes", "one text"),
        "same_device": translate("Causes", "one device"),
        "same_address": translate("Causes", "one address"),
        "refused": translate("Causes", "refused messages"),
    }
