"""The use cases of recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from server.rooms.rules import check_title
from server.text import clean_line
from wire import events, replay_commands
from wire.limits import CHAPTER_CHARACTERS_MAX

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.command_base import Command
    from wire.event_base import Answer


async def _list_replays(state: ControlState, command: replay_commands.ListReplays) -> Answer:
    return await state.services.replays.list_replays(state.actor, command, inside=state.rooms_now())


async def _open_replay(state: ControlState, command: replay_commands.OpenReplay) -> Answer:
    return await state.services.replays.open(
        state.actor, command.replay_id, inside=state.rooms_now()
    )


async def _live_recording(state: ControlState, command: replay_commands.LiveRecording) -> Answer:
    return await state.services.replays.open_live(
        state.actor, command.room_id, inside=state.rooms_now()
    )


async def _read_timeline(state: ControlState, command: replay_commands.ReadTimeline) -> Answer:
    return await state.services.replays.read_timeline(
        state.actor, command, inside=state.rooms_now()
    )


async def _edit_replay(state: ControlState, command: replay_commands.EditReplay) -> Answer:
    state.actor.require_login()
    title = check_title(command.title) if command.title is not None else None
    if command.chapters is not None:
        # As chat's words are: some are a pinned message's, cut anywhere.
        chapters = tuple(
            msgspec.structs.replace(
                chapter,
                title=clean_line(
                    chapter.title, characters_max=CHAPTER_CHARACTERS_MAX, field="chapters"
                ),
            )
            for chapter in command.chapters
        )
        command = msgspec.structs.replace(command, chapters=chapters)
    titles = [chapter.title for chapter in command.chapters or ()]
    state.check_words(title=title, chapters=titles)
    return await state.services.replays.edit(state.actor, command, title=title)


async def _delete_replay(state: ControlState, command: replay_commands.DeleteReplay) -> Answer:
    await state.services.replays.delete(state.actor, command.replay_id)
    return events.Ok()


async def _get_room_recording(
    state: ControlState, command: replay_commands.GetRoomRecording
) -> Answer:
    return await state.services.replays.recording_of(
        state.actor, command.room_id, inside=state.rooms_now()
    )


async def _record_room(state: ControlState, command: replay_commands.RecordRoom) -> Answer:
    state.actor.require_login()
    return await state.services.replays.record_room(
        state.actor, command.room_id, is_on=command.is_on
    )


REPLAY_USE_CASES: Final[dict[type[Command], Callable[[Any, Any], Awaitable[Answer | None]]]] = {
    replay_commands.ListReplays: _list_replays,
    replay_commands.OpenReplay: _open_replay,
    replay_commands.LiveRecording: _live_recording,
    replay_commands.ReadTimeline: _read_timeline,
    replay_commands.EditReplay: _edit_replay,
    replay_commands.DeleteReplay: _delete_replay,
    replay_commands.GetRoomRecording: _get_room_recording,
    replay_commands.RecordRoom: _record_room,
}
