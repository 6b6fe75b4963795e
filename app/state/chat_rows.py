"""What the chat list shows of each message, made from the messages and who is looking."""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from wire.ids import MessageId, UserId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wire.event_base import DanmakuPosted, Role

ROWS_MAX: Final = 1_000
NAMES_MAX: Final = 100
NOTES_MAX: Final = 200
NOTES_CHANGED_MAX: Final = 6
"""So many of the last notes may still change their words: a combo grows where it stands."""
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


class ChatNotes:
    """Lines that nobody wrote, and after which message each came. No I/O."""

    def __init__(self) -> None:
        self._count = 0
        self._keys: OrderedDict[MessageId, str] = OrderedDict()
        self._waiting: list[ChatRow] = []
        self._placed: deque[tuple[str, ChatRow]] = deque(maxlen=NOTES_MAX)

    def add(self, words: str, key: str = "", *, goes_on: bool = False) -> ChatRow | None:
        """It waits until `take`. One that goes on changes the last note of its key instead, where
        that is among the newest; is that one shown already, it is given back with its new words."""
        if key and goes_on:
            for index, note in reversed(tuple(enumerate(self._waiting))):
                if self._keys.get(note.message_id) == key:
                    self._waiting[index] = replace(note, text=words)
                    return None
            for number in range(1, min(NOTES_CHANGED_MAX, len(self._placed)) + 1):
                after, note = self._placed[-number]
                if self._keys.get(note.message_id) == key:
                    changed = replace(note, text=words)
                    self._placed[-number] = (after, changed)
                    return changed
        self._count += 1
        note = ChatRow(
            message_id=MessageId(f"note {self._count}"),
            user_id=UserId(""),
            name="",
            role="viewer",
            text=words,
        )
        self._waiting.append(note)
        if key:
            self._keys[note.message_id] = key
            if len(self._keys) > NOTES_MAX:
                self._keys.popitem(last=False)
        return None

    def take(self, after: str) -> list[ChatRow]:
        """Those that waited: they stand behind this message, the newest one shown."""
        taken, self._waiting = self._waiting, []
        self._placed.extend((after, note) for note in taken)
        return taken

    def put_between(
        self, messages: Sequence[DanmakuPosted], rows: Iterable[ChatRow]
    ) -> list[ChatRow]:
        """All rows anew, each note where it was. The first are those whose message has gone."""
        shown = {row.message_id: row for row in rows}
        known = {message.message_id for message in messages}
        behind: dict[str, list[ChatRow]] = {}
        for after, note in self._placed:
            behind.setdefault(after if after in known else "", []).append(note)
        together = behind.get("", [])
        for message in messages:
            row = shown.get(message.message_id)
            together += [row] if row is not None else []
            together += behind.get(message.message_id, [])
        return together

    def clear(self) -> None:
        self._keys.clear()
        self._waiting.clear()
        self._placed.clear()


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
