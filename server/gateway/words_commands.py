"""The use cases of automatic moderation: lists, rules, the try-out box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wire import events, words_commands
from wire.permissions import Action, require
from wire.words_events import TextRules

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.accounts.actor import Login
    from server.gateway.control_state import ControlState
    from wire.command_base import Command
    from wire.events import Answer
    from wire.ids import RoomId


async def _list_words(state: ControlState, command: words_commands.ListWords) -> Answer:
    await _require(state, command.room_id)
    return await state.services.moderation.page(command.room_id, command.after, command.search)


async def _add_word(state: ControlState, command: words_commands.AddWord) -> Answer:
    login = await _require(state, command.room_id)
    await state.services.moderation.add(
        command.room_id, [command.word], command.level, by=login.user.user_id
    )
    return events.Ok()


async def _import_words(state: ControlState, command: words_commands.ImportWords) -> Answer:
    login = await _require(state, command.room_id)
    return await state.services.moderation.add(
        command.room_id, command.words, command.level, by=login.user.user_id
    )


async def _remove_word(state: ControlState, command: words_commands.RemoveWord) -> Answer:
    await _require(state, command.room_id)
    await state.services.moderation.remove(command.room_id, command.word)
    return events.Ok()


async def _set_text_rules(state: ControlState, command: words_commands.SetTextRules) -> Answer:
    await _require(state, command.room_id)
    rules = TextRules(
        links=command.links,
        caps=command.caps,
        flood_one=command.flood_one,
        flood_many=command.flood_many,
        allowed_domains=command.allowed_domains,
    )
    await state.services.moderation.set_rules(command.room_id, rules)
    return events.Ok()


async def _get_text_rules(state: ControlState, command: words_commands.GetTextRules) -> Answer:
    await _require(state, command.room_id)
    return await state.services.moderation.rules_of(command.room_id)


async def _try_text(state: ControlState, command: words_commands.TryText) -> Answer:
    await _require(state, command.room_id)
    return await state.services.moderation.try_text(command.room_id, command.text)


async def _require(state: ControlState, room_id: RoomId | None) -> Login:
    """The house's list is for admins, a room's for its owner and moderators too."""
    login = state.actor.require_login()
    if room_id is None:
        require({"admin"} if state.actor.is_admin else {"viewer"}, Action.SET_HOUSE_WORDS)
    else:
        await state.services.rooms.role_in(state.actor, room_id, Action.SET_ROOM_WORDS)
    return login


WORDS_USE_CASES: Final[dict[type[Command], Callable[[Any, Any], Awaitable[Answer | None]]]] = {
    words_commands.ListWords: _list_words,
    words_commands.AddWord: _add_word,
    words_commands.ImportWords: _import_words,
    words_commands.RemoveWord: _remove_word,
    words_commands.SetTextRules: _set_text_rules,
    words_commands.GetTextRules: _get_text_rules,
    words_commands.TryText: _try_text,
}
