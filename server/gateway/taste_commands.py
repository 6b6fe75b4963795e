"""The use cases of tastes: recordings that fit one, and what somebody chose to like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from server.discovery.asking import Recorded
from wire import command_base, taste_commands, taste_events

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.event_base import Answer


async def _recommend_replays(
    state: ControlState, command: taste_commands.RecommendReplays
) -> Answer:
    services, login = state.services, state.actor.login
    offered = await services.offers.find(state.actor)
    listed = await services.discovery.recommend_recorded(
        login.user.user_id if login is not None else None,
        [
            Recorded(one.replay_id, one.owner_id, one.category, one.started_at_unix_ms / 1000)
            for one in offered
        ],
        category=command.category,
        limit=command.limit,
    )
    infos = await services.offers.describe(state.actor, [replay_id for replay_id, _ in listed])
    return taste_events.RecommendedReplays(
        replays=tuple(
            taste_events.RecommendedReplay(replay=infos[replay_id], reason=reason)
            for replay_id, reason in listed
            if replay_id in infos
        )
    )


async def _get_interests(state: ControlState, _command: taste_commands.GetInterests) -> Answer:
    user_id = state.actor.require_login().user.user_id
    return await state.services.discovery.interests(user_id)


async def _choose_interests(state: ControlState, command: taste_commands.ChooseInterests) -> Answer:
    user_id = state.actor.require_login().user.user_id
    await state.services.discovery.wishes.choose(user_id, command.interests)
    return await state.services.discovery.interests(user_id)


TASTE_USE_CASES: Final[
    dict[type[command_base.Command], Callable[[Any, Any], Awaitable[Answer | None]]]
] = {
    taste_commands.RecommendReplays: _recommend_replays,
    taste_commands.GetInterests: _get_interests,
    taste_commands.ChooseInterests: _choose_interests,
}
