"""What the keeping of a room reads like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from wire.events import ChatRules


def describe_rules(rules: ChatRules) -> str:
    """What is on now, on one line or two."""
    translate = QCoreApplication.translate
    parts = []
    if rules.followers_only:
        parts.append(translate("Keeping", "only followers"))
    if rules.emoji_only:
        parts.append(translate("Keeping", "only emoji"))
    if rules.is_held:
        parts.append(translate("Keeping", "held for review"))
    if rules.slow_s:
        words = translate("Keeping", "one message in {0} s")
        parts.append(words.format(rules.slow_s))
    if rules.delay_s:
        parts.append(translate("Keeping", "shown {0} s later").format(rules.delay_s))
    if not parts:
        return translate("Keeping", "Now: everybody may write, and all is shown at once.")
    return translate("Keeping", "Now: {0}").format(" · ".join(parts))
