"""Changing word lists and rules: on disk with a line in the book, then in memory; each undoable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from server.audit.service import NewAct
from server.moderation import queries
from server.moderation.tables import HOUSE
from server.moderation.words import is_findable
from server.text import is_storable
from wire import limits
from wire.errors import ErrorCode, WireError
from wire.order_events import ActDetail
from wire.permissions import Action
from wire.words_events import TextRules, WordsImported

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

    from server.audit.service import AuditService, Doer, RecordedAct, Undoing
    from server.clocks import Clocks
    from server.moderation.lists import Scope
    from server.store.session import Session
    from server.store.store import Store
    from wire.ids import RoomId, UserId
    from wire.words_events import WordLevel

    Also = Callable[[Session], RecordedAct | None]
    """What is also done in the transaction of a change; it may write a line in the book."""


class ListChanges:
    """Event loop's thread only. The caller has checked the right to; no `room_id`: the house's."""

    def __init__(
        self,
        store: Store,
        *,
        audit: AuditService,
        find_scope: Callable[[RoomId | None], Awaitable[Scope]],
        clocks: Clocks,
    ) -> None:
        self._store = store
        self._audit = audit
        self._find_scope = find_scope
        self._clocks = clocks
        # Of the house's list too: whoever undoes there must keep the house's order first.
        audit.undo_with("add_words", Action.SET_ROOM_WORDS, self._undo_adding)
        audit.undo_with("remove_word", Action.SET_ROOM_WORDS, self._undo_removing)
        audit.undo_with("set_text_rules", Action.SET_ROOM_WORDS, self._undo_rules)

    async def add(
        self, room_id: RoomId | None, words: Sequence[str], level: WordLevel, *, by: Doer
    ) -> WordsImported:
        """Raises WireError: LIMIT_REACHED, and INVALID_VALUE when none of the words is one."""
        scope = await self._find_scope(room_id)
        wanted = {
            word.strip(): level for word in words if is_storable(word) and is_findable(word.strip())
        }
        if not wanted:
            raise WireError(
                ErrorCode.INVALID_VALUE, "a word has at least one letter or digit", field="word"
            )
        async with scope.changing:
            known = scope.listed.levels
            added = [word for word in wanted if word not in known]
            changed = {word: known[word] for word in wanted if known.get(word, level) != level}
            act = None
            if added or changed:
                detail = ActDetail(
                    text=next(iter([*added, *changed])),
                    count=len(added) + len(changed),
                    level=level,
                )
                act = _act(by, "add_words", room_id, detail, {"added": added, "changed": changed})
            await self._change(scope, room_id, put=wanted, also=self._adding(act), by=by.user_id)
        skipped = len(words) - len(wanted)
        return WordsImported(added=len(added), changed=len(changed), skipped=skipped)

    async def remove(self, room_id: RoomId | None, word: str, *, by: Doer) -> None:
        """Raises WireError(NOT_FOUND)."""
        scope, word = await self._find_scope(room_id), word.strip()
        async with scope.changing:
            level = scope.listed.levels.get(word)
            if level is None:
                raise WireError(ErrorCode.NOT_FOUND, "the list has no such word", field="word")
            detail = ActDetail(text=word, count=1, level=level)
            act = _act(by, "remove_word", room_id, detail, {"word": word, "level": level})
            await self._change(scope, room_id, remove=[word], also=self._adding(act))

    async def set_rules(self, room_id: RoomId | None, rules: TextRules, *, by: Doer) -> None:
        """Raises WireError(INVALID_VALUE)."""
        scope, kept = await self._find_scope(room_id), clean_domains(rules)
        async with scope.changing:
            undo = {"rules": msgspec.to_builtins(scope.listed.rules)}
            detail = ActDetail(text_rules=kept)
            act = _act(by, "set_text_rules", room_id, detail, undo)
            await self._put_rules(scope, room_id, kept, self._adding(act))

    # --- undoing ------------------------------------------------------------------------------

    async def _undo_adding(self, undoing: Undoing) -> None:
        scope = await self._find_scope(undoing.room_id)
        async with scope.changing:
            known = scope.listed.levels
            # What was removed since stays away.
            before = {
                one: level for one, level in undoing.payload["changed"].items() if one in known
            }
            await self._change(
                scope,
                undoing.room_id,
                put=before,
                remove=[word for word in undoing.payload["added"] if word in known],
                also=undoing.mark,
            )

    async def _undo_removing(self, undoing: Undoing) -> None:
        scope, word = await self._find_scope(undoing.room_id), undoing.payload["word"]
        async with scope.changing:
            put = {} if word in scope.listed.levels else {word: undoing.payload["level"]}
            await self._change(
                scope, undoing.room_id, put=put, also=undoing.mark, by=undoing.by.user_id
            )

    async def _undo_rules(self, undoing: Undoing) -> None:
        scope = await self._find_scope(undoing.room_id)
        rules = msgspec.convert(undoing.payload["rules"], TextRules)
        async with scope.changing:
            await self._put_rules(scope, undoing.room_id, rules, undoing.mark)

    # --- changing: the caller holds `changing` ------------------------------------------------

    async def _change(
        self,
        scope: Scope,
        room_id: RoomId | None,
        *,
        put: dict[str, WordLevel] | None = None,
        remove: Collection[str] = (),
        also: Also,
        by: UserId | None = None,
    ) -> None:
        """On disk with its line in the book, then in memory."""
        put, key, now = put or {}, key_of(room_id), self._clocks.unix_ms()
        _require_space(room_id, len(scope.listed.levels.keys() | put.keys()) - len(remove))

        def work(session: Session) -> RecordedAct | None:
            queries.put_words(session, key, put, added_by=by or "", now_unix_ms=now)
            queries.remove_words(session, key, remove)
            return also(session)

        act = await self._store.write(work)
        if remove:
            scope.remove(set(remove))
        if put:
            await scope.put(put)
        await self._tell(act)

    async def _put_rules(
        self, scope: Scope, room_id: RoomId | None, rules: TextRules, also: Also
    ) -> None:
        key = key_of(room_id)

        def work(session: Session) -> RecordedAct | None:
            queries.put_rules(session, key, rules)
            return also(session)

        act = await self._store.write(work)
        scope.set_rules(rules)
        await self._tell(act)

    def _adding(self, new: NewAct | None) -> Also:
        return lambda session: self._audit.add(session, new) if new is not None else None

    async def _tell(self, act: RecordedAct | None) -> None:
        if act is not None:
            await self._audit.tell(act)


def clean_domains(rules: TextRules) -> TextRules:
    """Domains in one form. Raises WireError(INVALID_VALUE) for what is none."""
    domains = tuple(dict.fromkeys(map(_clean_domain, rules.allowed_domains)))
    return TextRules(
        links=rules.links,
        caps=rules.caps,
        flood_one=rules.flood_one,
        flood_many=rules.flood_many,
        allowed_domains=domains,
    )


def _clean_domain(written: str) -> str:
    domain = written.strip().lower().removeprefix("https://").removeprefix("http://")
    domain = domain.removeprefix("www.").split("/")[0].strip(".")
    is_domain = "." in domain and all(c.isalnum() or c in {".", "-"} for c in domain)
    if not is_domain or not is_storable(domain):
        raise WireError(
            ErrorCode.INVALID_VALUE, "a domain looks like example.org", field="allowed_domains"
        )
    return domain


def _require_space(room_id: RoomId | None, words: int) -> None:
    words_max = limits.WORDS_HOUSE_MAX if room_id is None else limits.WORDS_ROOM_MAX
    if words > words_max:
        raise WireError(
            ErrorCode.LIMIT_REACHED, f"a list has at most {words_max} words", field="word"
        )


def _act(
    by: Doer, action: str, room_id: RoomId | None, detail: ActDetail, undo: Mapping[str, object]
) -> NewAct:
    return NewAct(
        by=by,
        action=action,
        room_id=room_id,
        target_kind="words",
        target_id=key_of(room_id),
        detail=detail,
        undo=undo,
    )


def key_of(room_id: RoomId | None) -> str:
    return HOUSE if room_id is None else room_id
