"""The use cases of discovery: what was seen, what is believed, and training for admins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from server.discovery.reasons import may_be_told
from server.gateway.taste_commands import TASTE_USE_CASES
from wire import (
    command_base,
    discovery_commands,
    discovery_events,
    event_base,
    events,
    room_commands,
)
from wire.errors import WireError
from wire.permissions import Action, require

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.event_base import Answer
    from wire.ids import RoomId

EXPLAINED_MAX: Final = 100
"""Places of a list whose score is told."""


def is_recommended(command: room_commands.ListRooms) -> bool:
    return command.order == "recommended" and not command.search and not command.own_only


async def list_recommended(state: ControlState, command: room_commands.ListRooms) -> Answer:
    """Live rooms in the order of their scores, each with its reason; then the others."""
    services, login = state.services, state.actor.login
    followed = (
        await services.follows.followed_by(login.user.user_id) if login is not None else frozenset()
    )

    def may_see(room_id: RoomId) -> bool:
        try:
            services.rooms.check_bars(state.actor, room_id, Action.JOIN_PUBLIC_ROOM)
        except WireError:
            return False
        return True

    async def rank(skip: int, limit: int) -> tuple[dict[RoomId, event_base.Reason], int]:
        listed, count = await services.discovery.recommend(
            login.user.user_id if login is not None else None,
            category=command.category,
            skip=skip,
            limit=limit,
            may_see=may_see,
        )
        return {one.room_id: one.reason for one in listed}, count

    page = await services.rooms.list_ranked(state.actor, command, rank=rank, followed=followed)
    hidden = (
        services.discovery.wishes.hidden_of(login.user.user_id)
        if login is not None
        else frozenset()
    )
    if not hidden:
        return page
    rooms = tuple(room for room in page.rooms if room.owner.user_id not in hidden)
    return msgspec.structs.replace(page, rooms=rooms)


async def _record_impressions(
    state: ControlState, command: discovery_commands.RecordImpressions
) -> Answer:
    user_id = state.actor.require_login().user.user_id
    await state.services.discovery.acts.record_impressions(user_id, command.impressions)
    return events.Ok()


async def _record_share(state: ControlState, command: discovery_commands.RecordShare) -> Answer:
    user_id = state.actor.require_login().user.user_id
    await state.services.discovery.acts.record_share(user_id, command.room_id, command.key)
    return events.Ok()


async def _hide_streamer(state: ControlState, command: discovery_commands.HideStreamer) -> Answer:
    user_id = state.actor.require_login().user.user_id
    await state.services.discovery.wishes.hide(
        user_id, command.user_id, is_hidden=command.is_hidden
    )
    return discovery_events.HiddenChanged(user_id=command.user_id, is_hidden=command.is_hidden)


async def _get_belief(state: ControlState, _command: discovery_commands.GetBelief) -> Answer:
    return await state.services.discovery.belief(state.actor.require_login().user.user_id)


async def _explain_room(state: ControlState, command: discovery_commands.ExplainRoom) -> Answer:
    user_id = state.actor.require_login().user.user_id
    ranked = await state.services.discovery.explain(user_id, EXPLAINED_MAX)
    place = next((one for one in ranked.places if one.room_id == command.room_id), None)
    parts = sorted(place.parts.items(), key=lambda part: -part[1]) if place is not None else []
    return discovery_events.Explanation(
        room_id=command.room_id,
        parts=tuple(
            discovery_events.ScorePart(name=name, value=value)
            for name, value in parts
            if value and may_be_told(name, value)
        ),
    )


async def _reset_belief(state: ControlState, _command: discovery_commands.ResetBelief) -> Answer:
    await state.services.discovery.reset(state.actor.require_login().user.user_id)
    return events.Ok()


async def _correct_belief(state: ControlState, command: discovery_commands.CorrectBelief) -> Answer:
    user_id = state.actor.require_login().user.user_id
    await state.services.discovery.wishes.correct(
        user_id, streamer_id=command.user_id, category=command.category, weight=command.weight
    )
    return await state.services.discovery.belief(user_id)


async def _list_people(state: ControlState, command: discovery_commands.ListPeople) -> Answer:
    user_id = state.actor.require_login().user.user_id
    return await state.services.discovery.people(user_id, command.limit)


async def _get_quality(state: ControlState, command: discovery_commands.GetQuality) -> Answer:
    _require_keeper(state)
    return await state.services.discovery.quality(command.days)


async def _list_models(state: ControlState, _command: discovery_commands.ListModels) -> Answer:
    _require_keeper(state)
    return await state.services.trainer.models()


async def _train_now(state: ControlState, _command: discovery_commands.TrainNow) -> Answer:
    _require_keeper(state)
    await state.services.trainer.begin()
    return await state.services.trainer.models()


async def _cancel_training(
    state: ControlState, _command: discovery_commands.CancelTraining
) -> Answer:
    _require_keeper(state)
    await state.services.trainer.cancel()
    return await state.services.trainer.models()


async def _roll_back(state: ControlState, command: discovery_commands.RollBack) -> Answer:
    _require_keeper(state)
    await state.services.trainer.roll_back(command.model_id)
    return await state.services.trainer.models()


def _require_keeper(state: ControlState) -> None:
    """Raises WireError: LOGIN_REQUIRED, FORBIDDEN."""
    login = state.actor.require_login()
    require({"admin"} if login.user.is_admin else {"viewer"}, Action.TRAIN_RECOMMENDER)


DISCOVERY_USE_CASES: Final[
    dict[type[command_base.Command], Callable[[Any, Any], Awaitable[Answer | None]]]
] = {
    discovery_commands.RecordImpressions: _record_impressions,
    discovery_commands.RecordShare: _record_share,
    discovery_commands.HideStreamer: _hide_streamer,
    discovery_commands.GetBelief: _get_belief,
    discovery_commands.ExplainRoom: _explain_room,
    discovery_commands.ResetBelief: _reset_belief,
    discovery_commands.CorrectBelief: _correct_belief,
    discovery_commands.ListPeople: _list_people,
    discovery_commands.GetQuality: _get_quality,
    discovery_commands.ListModels: _list_models,
    discovery_commands.TrainNow: _train_now,
    discovery_commands.CancelTraining: _cancel_training,
    discovery_commands.RollBack: _roll_back,
    **TASTE_USE_CASES,
}
