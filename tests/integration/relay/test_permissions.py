"""Every cell of the permission table on real sockets, on one's own object and on another's.

The cells are made from the table itself. An action that nobody says how to try fails the first
test here; `attempts.py` says at its head what an attempt is. Each action is tried by each role in
a room where it is that role ("own"), and in a stranger's room ("another's"), where a moderator or
a streamer of another room is a viewer like others and an admin is an admin.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

import pytest

from tests.integration.relay.attempts import (
    ATTEMPTS,
    Attempt,
    Place,
    ask,
    done,
    draw_of,
    poll_of,
)
from tests.support.relay_clients import PASSWORD, ControlClient, claim_admin, control, publisher
from tests.support.synthetic_media import SyntheticMedia
from wire import (
    account_commands,
    account_events,
    chat_commands,
    event_base,
    events,
    room_commands,
    round_commands,
)
from wire.errors import ErrorCode
from wire.event_base import Role
from wire.permissions import PERMISSIONS, Action, is_allowed
from wire.privacy_events import PRIVACY_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.relay_process import RelayProcess

ROLES: Final[tuple[Role, ...]] = get_args(Role)
ELSEWHERE: Final[dict[Role, Role]] = {"moderator": "viewer", "streamer": "viewer"}
"""What somebody is in a stranger's room, where it is not the same."""

_tokens: dict[tuple[str, str], str] = {}
"""Of a relay's users: an admin can be claimed only once."""


@dataclass(frozen=True)
class People:
    """One for each role, who have the "own" rooms, and a stranger who has others."""

    of: dict[Role, ControlClient]
    stranger: ControlClient
    strangers_moderator: ControlClient


def test_table_when_an_action_is_added_then_somebody_says_how_to_try_it() -> None:
    missing = sorted(action.name for action in set(Action) - set(ATTEMPTS))
    assert not missing, (
        f"no attempt at {', '.join(missing)}: add one to tests/integration/relay/attempts.py"
    )
    assert set(PERMISSIONS) == set(ROLES)


@pytest.mark.parametrize("action", ATTEMPTS, ids=lambda action: action.name)
async def test_action_when_tried_by_each_role_on_own_and_others_rooms_then_as_the_table_says(
    action: Action, relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    attempt, wrong = ATTEMPTS[action], []
    async with _people(relay, unique) as people:
        for role in ROLES:
            for is_own in (True, False):
                acting: Role = role if is_own else ELSEWHERE.get(role, role)
                async with _place(relay, people, attempt, unique, is_own=is_own) as place:
                    answer = await attempt.ask(place, people.of[role])
                if not _is_right(answer, acting, attempt, is_allowed([acting], action)):
                    wrong.append((role, "own" if is_own else "another's", answer))
    assert not wrong


def _is_right(answer: event_base.Answer, role: Role, attempt: Attempt, allowed: bool) -> bool:
    if allowed:
        return not isinstance(answer, events.Error)
    refusal = ErrorCode.LOGIN_REQUIRED if role == "guest" else ErrorCode.FORBIDDEN
    return isinstance(answer, events.Error) and answer.code in {refusal, *attempt.refusals}


async def test_things_of_a_room_when_named_through_ones_own_room_then_nothing_happens_to_them(
    relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    """Leading one room gives no hand in another, whatever is named in the same command."""
    public = Attempt(ATTEMPTS[Action.CHAT].ask)
    async with (
        _people(relay, unique) as people,
        _place(relay, people, public, unique, is_own=True) as own,
        _place(relay, people, public, unique, is_own=False) as other,
        control(relay.url) as guest,
    ):
        me, room_id = own.owner, other.room_id
        for place in (own, other):
            await done(place.owner, room_commands.JoinRoom(id=0, room_id=place.room_id))
        key = await done(other.owner, room_commands.CreatePublishKey(id=0, room_id=room_id))
        invite = await done(other.owner, room_commands.CreateInvite(id=0, room_id=room_id))
        said = await done(other.owner, _say(room_id, "first"))
        poll = (await done(other.owner, poll_of(other))).poll
        draw = (await done(other.moderator, draw_of(other))).draw
        await done(other.owner, chat_commands.SetChatRules(id=0, room_id=room_id, is_held=True))
        await done(people.of["viewer"], room_commands.JoinRoom(id=0, room_id=room_id))
        held = await done(people.of["viewer"], _say(room_id, "held"))
        session = other.owner.of(account_events.LoggedIn)[0].session_id

        mine = own.room_id
        for command in (
            room_commands.RevokePublishKey(id=0, room_id=mine, key_id=key.key_id),
            room_commands.RevokeInvite(id=0, room_id=mine, invite_id=invite.invite_id),
            round_commands.ClosePoll(id=0, room_id=mine, poll_id=poll.poll_id),
            round_commands.VotePoll(id=0, room_id=mine, poll_id=poll.poll_id, choice=0),
            round_commands.EnterDraw(id=0, room_id=mine, draw_id=draw.draw_id),
            round_commands.ListDrawEntries(id=0, room_id=mine, draw_id=draw.draw_id),
            chat_commands.ReviewDanmaku(
                id=0, room_id=mine, message_id=held.message_id, is_shown=True
            ),
            chat_commands.PinMessage(id=0, room_id=mine, message_id=said.message_id),
            account_commands.EndSession(id=0, session_id=session),
        ):
            answer = await ask(me, command)
            if not isinstance(command, room_commands.RevokePublishKey | room_commands.RevokeInvite):
                # Revoking what is not there is no error, and says nothing of what is elsewhere.
                assert isinstance(answer, events.Error), (command, answer)

        keys = await done(other.owner, room_commands.ListPublishKeys(id=0, room_id=room_id))
        assert key.key_id in {one.key_id for one in keys.keys}
        await done(other.owner, room_commands.EditRoom(id=0, room_id=room_id, privacy="invite"))
        joined = await guest.join(room_id, invite=invite.invite)
        assert joined.poll is not None
        assert joined.poll.poll_id == poll.poll_id
        assert joined.poll.ends_in_ms > 0
        assert joined.poll.votes == (0, 0)
        assert joined.draw is not None
        assert joined.draw.entries == 0
        assert joined.pinned is None
        again = await done(other.moderator, room_commands.JoinRoom(id=0, room_id=room_id))
        assert [message.text for message in again.held] == ["held"]


def _say(room_id: str, text: str) -> chat_commands.SendDanmaku:
    return chat_commands.SendDanmaku(id=0, room_id=room_id, text=text)  # type: ignore[arg-type]  # plain text here


@contextlib.asynccontextmanager
async def _people(relay: RelayProcess, unique: Callable[[str], str]) -> AsyncIterator[People]:
    async with contextlib.AsyncExitStack() as stack:

        async def user(word: str, *, is_new: bool = False) -> ControlClient:
            client = await stack.enter_async_context(control(relay.url))
            known = _tokens.get((relay.url, word))
            if known and not is_new:
                await done(client, account_commands.Resume(id=0, token=known))
            else:
                name = unique(word)
                login = await done(
                    client,
                    account_commands.Register(
                        id=0, name=name, password=PASSWORD, agreed_version=PRIVACY_VERSION
                    ),
                )
                _tokens[relay.url, word] = login.token
                if word == "admin":
                    await claim_admin(client, relay)
            return client

        yield People(
            {
                "guest": await stack.enter_async_context(control(relay.url)),
                "viewer": await user("viewer"),
                "moderator": await user("moderator"),
                # New for each action: a user has only so many rooms.
                "streamer": await user("streamer", is_new=True),
                "admin": await user("admin"),
            },
            await user("stranger", is_new=True),
            await user("stranger's moderator"),
        )


@contextlib.asynccontextmanager
async def _place(
    relay: RelayProcess,
    people: People,
    attempt: Attempt,
    unique: Callable[[str], str],
    *,
    is_own: bool,
) -> AsyncIterator[Place]:
    owner = people.of["streamer"] if is_own else people.stranger
    moderator = people.of["moderator"] if is_own else people.strangers_moderator
    word = unique("place")
    room = await done(owner, room_commands.CreateRoom(id=0, name=word, privacy=attempt.privacy))  # type: ignore[arg-type]  # plain text here
    room_id = room.room.room_id
    await done(
        owner,
        room_commands.SetModerator(
            id=0, room_id=room_id, user_id=await _id_of(moderator), granted=True
        ),
    )
    place = Place(room_id, owner, moderator, await _id_of(people.of["viewer"]), word)
    if not attempt.is_live:
        yield place
        return
    key = await done(owner, room_commands.CreatePublishKey(id=0, room_id=room_id))
    async with publisher(
        relay.url, room_id, SyntheticMedia(), publish_key=key.publish_key
    ) as source:
        assert source.accepted
        yield place


async def _id_of(client: ControlClient) -> str:
    (logged_in,) = client.of(account_events.LoggedIn)
    return str(logged_in.user.user_id)
