"""The use cases of automatic moderation: lists, rules, the try-out box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from server.audit.service import Doer
from server.gateway.order_commands import doer_in
from wire import events, words_commands
from wire.permissions import Action, require
from wire.words_events import TextRules

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.command_base import Command
    from wire.event_base import Answer
    from wire.ids import RoomId


async def _list_words(state: ControlState, command: words_commands.ListWords) -> Answer:
    await _require(state, command.room_id)
    return await state.services.moderation.page(command.room_id, command.after, command.search)


async def _add_word(state: ControlState, command: words_commands.AddWord) -> Answer:
    doer = await _require(state, command.room_id)
    await state.services.moderation.changes.add(
        command.room_id, [command.word], command.level, by=doer
    )
    return events.Ok()


async def _import_words(state: ControlState, command: words_commands.ImportWords) -> Answer:
    doer = await _require(state, command.room_id)
    return await state.services.moderation.changes.add(
        command.room_id, command.words, command.level, by=doer
    )


async def _remove_word(state: ControlState, command: words_commands.RemoveWord) -> Answer:
    doer = await _require(state, command.room_id)
    await state.services.moderation.changes.remove(command.room_id, command.word, by=doer)
    return events.Ok()


async def _set_text_rules(state: ControlState, command: words_commands.SetTextRules) -> Answer:
    doer = await _require(state, command.room_id)
    rules = TextRules(
        links=command.links,
        caps=command.caps,
        flood_one=command.flood_one,
        flood_many=command.flood_many,
        allowed_domains=command.allowed_domains,
    )
    await state.services.moderation.changes.set_rules(command.room_id, rules, by=doer)
    return events.Ok()


async def _get_text_rules(state: ControlState, command: words_commands.GetTextRules) -> Answer:
    await _require(state, command.room_id)
    return await state.services.moderation.rules_of(command.room_id)


async def _try_text(state: ControlState, command: words_commands.TryText) -> Answer:
    await _require(state, command.room_id)
    return await state.services.moderation.try_text(command.room_id, command.text)


async def _require(state: ControlState, room_id: RoomId | None) -> Doer:
    """The house's list is for admins, a room's for its owner and moderators too."""
    actor = state.login_actor()
    if room_id is not None:
        return await doer_in(state, room_id, Action.SET_ROOM_WORDS)
    require({"admin"} if actor.is_admin else {"viewer"}, Action.SET_HOUSE_WORDS)
    return Doer(actor.require_login().user.user_id, "admin")


WORDS_USE_CASES: Final[dict[type[Command], Callable[[Any, Any], Awaitable[Answer | None]]]] = {
    words_commands.ListWords: _list_words,
    words_commands.AddWord: _add_word,
    words_commands.ImportWords: _import_words,
    words_commands.RemoveWord: _remove_word,
    words_commands.SetTextRules: _set_text_rules,
    words_commands.GetTextRules: _get_text_rules,
    words_commands.TryText: _try_text,
}
