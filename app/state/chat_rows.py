"""What the chat list shows of each message, made from the messages and who is looking."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wire.events import DanmakuPosted, Role
    from wire.ids import MessageId, UserId

ROWS_MAX: Final = 1_000
NAMES_MAX: Final = 100
COMPLETIONS_MAX: Final = 8
QUOTE_CHARACTERS_MAX: Final = 80
_AT_THE_END = re.compile(r"(?:^|\s)@(\S*)$")


@dataclass(frozen=True, slots=True)
class ChatRow:
    """One message. The texts are a stranger's: only ever drawn as they are."""

    message_id: MessageId
    user_id: UserId
    name: str
    role: Role
    text: str
    quoted: tuple[str, str] | None = None
    """Name and text of what it answers; the name is empty where that is not known here."""
    is_mention: bool = False
    """Of the one who looks, or an answer to them."""
    answers: MessageId | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the list; a guest has neither."""

    user_id: str = ""
    name: str = ""


@dataclass
class ChatRows:
    """Turns messages into rows, each once, and remembers who spoke. No I/O."""

    viewer: Viewer = field(default_factory=Viewer)
    blocked: set[UserId] = field(default_factory=set)
    _seen: OrderedDict[MessageId, DanmakuPosted] = field(default_factory=OrderedDict)
    _names: OrderedDict[UserId, str] = field(default_factory=OrderedDict)

    def take(self, messages: Iterable[DanmakuPosted]) -> list[ChatRow]:
        """Rows of those that were not taken before, in their order; blocked ones give none."""
        rows = []
        for message in messages:
            if message.message_id in self._seen:
                continue
            self._seen[message.message_id] = message
            if len(self._seen) > 2 * ROWS_MAX:
                self._seen.popitem(last=False)
            if message.user_id in self.blocked:
                continue
            self._remember(message)
            rows.append(self._row(message))
        return rows

    def drop(self, message_ids: Iterable[MessageId]) -> None:
        """They were deleted: later answers do not quote them."""
        for message_id in message_ids:
            self._seen.pop(message_id, None)

    def forget(self) -> None:
        """Another room, or everything anew."""
        self._seen.clear()
        self._names.clear()

    def complete(self, prefix: str) -> list[str]:
        """Names of those who spoke, the newest first, that begin with this."""
        folded = prefix.casefold()
        found = [name for name in reversed(self._names.values()) if _begins(name, folded)]
        return [name for name in found if name != self.viewer.name][:COMPLETIONS_MAX]

    def _remember(self, message: DanmakuPosted) -> None:
        self._names[message.user_id] = message.name
        self._names.move_to_end(message.user_id)
        if len(self._names) > NAMES_MAX:
            self._names.popitem(last=False)

    def _row(self, message: DanmakuPosted) -> ChatRow:
        quoted: tuple[str, str] | None = None
        is_mention = mentions(message.text, self.viewer.name)
        if message.reply_to is not None:
            answered = self._seen.get(message.reply_to)
            is_hidden = answered is None or answered.user_id in self.blocked
            quoted = ("", "")
            if answered is not None and not is_hidden:
                quoted = (answered.name, answered.text[:QUOTE_CHARACTERS_MAX])
                is_mention = is_mention or answered.user_id == self.viewer.user_id
        return ChatRow(
            message_id=message.message_id,
            user_id=message.user_id,
            name=message.name,
            role=message.role,
            text=message.text,
            quoted=quoted,
            is_mention=is_mention and message.user_id != self.viewer.user_id,
            answers=message.reply_to,
        )


def mentions(text: str, name: str) -> bool:
    """Whether the text holds @name, and the name ends there."""
    if not name:
        return False
    folded, wanted = text.casefold(), f"@{name.casefold()}"
    start = folded.find(wanted)
    while start >= 0:
        after = folded[start + len(wanted) :][:1]
        # Han and kana are written without spaces: only what is written with them goes on.
        if not (after.isalnum() and after.isascii()):
            return True
        start = folded.find(wanted, start + 1)
    return False


def find_begun_mention(text: str) -> str | None:
    """What stands behind the "@" that is being written at the text's end; None: none is."""
    found = _AT_THE_END.search(text)
    return None if found is None else found.group(1)


def complete_mention(text: str, name: str) -> str:
    """The text with the begun mention written out."""
    begun = find_begun_mention(text)
    if begun is None:
        return f"{text}@{name} "
    return f"{text[: len(text) - len(begun)]}{name} "


def _begins(name: str, folded_prefix: str) -> bool:
    return name.casefold().startswith(folded_prefix)
