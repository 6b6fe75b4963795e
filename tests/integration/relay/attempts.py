"""How to try each action of the permission table on a real socket.

A new action gets an attempt here: a function that is decorated with `tries(Action.X)`, takes the
place and whoever tries, and returns the relay's answer. It prepares what it needs as the room's
owner (`place.owner`), or as a moderator of it (`place.moderator`), and asks for one thing as
`who`. It must be possible for somebody allowed: the answer is then no error. For somebody else it
must be LOGIN_REQUIRED to a guest and FORBIDDEN to others, or one of `refusals`.

Each attempt has a room of its own, so nothing need be tidied up.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.emote_pictures import make_png
from tests.support.relay_clients import ControlClient, new_key
from wire import (
    admin_commands,
    chat_commands,
    coin_commands,
    command_base,
    discovery_commands,
    emotes_commands,
    event_base,
    events,
    inbox_commands,
    order_commands,
    replay_commands,
    room_commands,
    round_commands,
    words_commands,
)
from wire.errors import ErrorCode
from wire.ids import GiftId
from wire.permissions import Action

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@dataclass(frozen=True)
class Place:
    """A room, and who is at hand in it."""

    room_id: Any
    owner: ControlClient
    moderator: ControlClient
    somebody_id: Any
    """A user who is nobody in the room: the viewer."""
    word: str
    """That no other place has."""


@dataclass(frozen=True)
class Attempt:
    ask: Callable[[Place, ControlClient], Awaitable[event_base.Answer]]
    privacy: str = "public"
    is_live: bool = False
    refusals: frozenset[ErrorCode] = field(default_factory=frozenset)


ATTEMPTS: Final[dict[Action, Attempt]] = {}

_Ask = "Callable[[Place, ControlClient], Awaitable[events.Answer]]"


def tries(
    action: Action,
    *,
    privacy: str = "public",
    is_live: bool = False,
    refusals: frozenset[ErrorCode] = frozenset(),
) -> Callable[[_Ask], _Ask]:  # type: ignore[valid-type]  # a name for the long type above
    """Register the attempt at an action, in a room of this kind."""

    def register(ask: Any) -> Any:
        ATTEMPTS[action] = Attempt(ask, privacy, is_live, refusals)
        return ask

    return register


async def ask(who: ControlClient, command: command_base.Command) -> Any:
    """The answer, an error as it is; waits where the relay says so."""
    while True:
        answer = await (await who.send(command))
        if not (isinstance(answer, events.Error) and answer.code is ErrorCode.RATE_LIMITED):
            return answer
        await asyncio.sleep((answer.retry_after_ms or 1) / 1000)


async def done(who: ControlClient, command: command_base.Command) -> Any:
    """The answer to what must succeed."""
    answer = await ask(who, command)
    assert not isinstance(answer, events.Error), (command, answer)
    return answer


async def _join(place: Place, who: ControlClient) -> None:
    await done(who, room_commands.JoinRoom(id=0, room_id=place.room_id))


# --- rooms ------------------------------------------------------------------------------------


@tries(Action.CREATE_ROOM)
async def _create_room(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, room_commands.CreateRoom(id=0, name=f"of {place.word}"))


@tries(Action.SEE_ROOM, privacy="invite")
async def _see_room(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, room_commands.GetRoom(id=0, room=place.room_id))


@tries(Action.JOIN_PUBLIC_ROOM)
async def _join_public_room(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, room_commands.JoinRoom(id=0, room_id=place.room_id))


@tries(Action.JOIN_PRIVATE_ROOM, privacy="invite")
async def _join_private_room(place: Place, who: ControlClient) -> event_base.Answer:
    invite = await done(place.owner, room_commands.CreateInvite(id=0, room_id=place.room_id))
    return await ask(who, room_commands.JoinRoom(id=0, room_id=place.room_id, invite=invite.invite))


@tries(Action.ENTER_FREELY, privacy="invite", refusals=frozenset({ErrorCode.INVITE_REQUIRED}))
async def _enter_freely(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, room_commands.JoinRoom(id=0, room_id=place.room_id))


@tries(Action.EDIT_ROOM)
async def _edit_room(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, room_commands.EditRoom(id=0, room_id=place.room_id, title="Another"))


@tries(Action.SET_MODERATOR)
async def _set_moderator(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(
        who,
        room_commands.SetModerator(
            id=0, room_id=place.room_id, user_id=place.somebody_id, granted=True
        ),
    )


@tries(Action.MANAGE_INVITES)
async def _manage_invites(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, room_commands.CreateInvite(id=0, room_id=place.room_id))


# --- going live -------------------------------------------------------------------------------


# Of a public room a guest needs none, and gets none.
@tries(Action.GET_SUBSCRIBE_TICKET, privacy="invite")
async def _get_subscribe_ticket(place: Place, who: ControlClient) -> event_base.Answer:
    await _join_private_room(place, who)
    return await ask(who, room_commands.RequestSubscribeTicket(id=0, room_id=place.room_id))


@tries(Action.PUBLISH)
async def _publish(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, room_commands.RequestPublishTicket(id=0, room_id=place.room_id))


@tries(Action.END_BROADCAST, is_live=True)
async def _end_broadcast(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, room_commands.EndBroadcast(id=0, room_id=place.room_id))


@tries(Action.CREATE_PUBLISH_KEY)
async def _create_publish_key(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, room_commands.CreatePublishKey(id=0, room_id=place.room_id))


@tries(Action.SEE_PUBLISH_KEYS)
async def _see_publish_keys(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, room_commands.ListPublishKeys(id=0, room_id=place.room_id))


@tries(Action.REVOKE_PUBLISH_KEY)
async def _revoke_publish_key(place: Place, who: ControlClient) -> event_base.Answer:
    key = await new_key(place.owner, place.room_id)
    return await ask(
        who, room_commands.RevokePublishKey(id=0, room_id=place.room_id, key_id=key.key_id)
    )


# --- chat -------------------------------------------------------------------------------------


@tries(Action.CHAT)
async def _chat(place: Place, who: ControlClient) -> event_base.Answer:
    await _join(place, who)
    return await ask(who, chat_commands.SendDanmaku(id=0, room_id=place.room_id, text="hello"))


@tries(Action.CHAT_FAST, refusals=frozenset({ErrorCode.SLOW_MODE}))
async def _chat_fast(place: Place, who: ControlClient) -> event_base.Answer:
    await done(place.owner, chat_commands.SetChatRules(id=0, room_id=place.room_id, slow_s=60))
    await _chat(place, who)
    return await _chat(place, who)


@tries(Action.LEAD_CHAT)
async def _lead_chat(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, chat_commands.SetChatRules(id=0, room_id=place.room_id, slow_s=1))


# --- order ------------------------------------------------------------------------------------


@tries(Action.KEEP_ORDER)
async def _keep_order(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(
        who,
        order_commands.ImposeSanction(
            id=0, user_id=place.somebody_id, room_id=place.room_id, kind="mute", duration_s=1
        ),
    )


@tries(Action.KEEP_HOUSE_ORDER)
async def _keep_house_order(_place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, order_commands.ListActs(id=0))


@tries(Action.CLOSE_ROOM)
async def _close_room(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, order_commands.CloseRoom(id=0, room_id=place.room_id))


# --- the house --------------------------------------------------------------------------------


@tries(Action.SEE_HOUSE)
async def _see_house(_place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, admin_commands.ListHouseRooms(id=0))


@tries(Action.KEEP_ROOMS)
async def _keep_rooms(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, admin_commands.FeatureRoom(id=0, room_id=place.room_id, is_featured=True))


@tries(Action.PLAN_BROADCAST)
async def _plan_broadcast(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, admin_commands.PlanBroadcast(id=0, room_id=place.room_id))


@tries(Action.KEEP_USERS)
async def _keep_users(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, admin_commands.MakePasswordReset(id=0, user_id=place.somebody_id))


@tries(Action.KEEP_GIFTS)
async def _keep_gifts(_place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, admin_commands.SetGift(id=0, gift_id=GiftId("flower"), is_on=True))


@tries(Action.CHANGE_RELAY)
async def _change_relay(_place: Place, who: ControlClient) -> event_base.Answer:
    listed = admin_commands.ChangeRelaySetting(id=0, name="sign_up", value="open")
    return await ask(who, listed)


@tries(Action.KEEP_STORAGE)
async def _keep_storage(_place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, admin_commands.PrepareRestore(id=0))


# --- words, reports, feedback -------------------------------------------------------------------


@tries(Action.SET_ROOM_WORDS)
async def _set_room_words(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, words_commands.AddWord(id=0, room_id=place.room_id, word="mud"))


@tries(Action.MANAGE_EMOTES)
async def _manage_emotes(place: Place, who: ControlClient) -> event_base.Answer:
    picture = make_png(8, 8)
    return await ask(
        who,
        emotes_commands.AddEmote(id=0, room_id=place.room_id, name="wave", picture=picture),
    )


@tries(Action.SET_HOUSE_WORDS)
async def _set_house_words(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, words_commands.AddWord(id=0, word=f"mud {place.word}"))


@tries(Action.REPORT)
async def _send_report(place: Place, who: ControlClient) -> event_base.Answer:
    # The room, which is its owner: nobody reports themselves.
    user_id = place.somebody_id if who is place.owner else None
    return await ask(
        who,
        inbox_commands.SendReport(id=0, room_id=place.room_id, user_id=user_id, reason="spam"),
    )


@tries(Action.JUDGE_REPORTS)
async def _judge_reports(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, inbox_commands.ListReports(id=0, room_id=place.room_id))


@tries(Action.GIVE_FEEDBACK)
async def _give_feedback(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(
        who,
        inbox_commands.SendFeedback(id=0, idempotency_key=place.word, category="idea", text="more"),
    )


@tries(Action.ANSWER_FEEDBACK)
async def _answer_feedback(_place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, inbox_commands.ListFeedback(id=0))


# --- likes, polls, draws ------------------------------------------------------------------------


@tries(Action.LIKE, is_live=True)
async def _like(place: Place, who: ControlClient) -> event_base.Answer:
    await _join(place, who)
    return await ask(who, chat_commands.SendLikes(id=0, room_id=place.room_id, count=1))


def poll_of(place: Place) -> round_commands.OpenPoll:
    return round_commands.OpenPoll(
        id=0, room_id=place.room_id, question="Which?", choices=("one", "two")
    )


@tries(Action.RUN_POLLS)
async def _run_polls(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, poll_of(place))


@tries(Action.VOTE)
async def _vote(place: Place, who: ControlClient) -> event_base.Answer:
    poll = (await done(place.owner, poll_of(place))).poll
    await _join(place, who)
    return await ask(
        who, round_commands.VotePoll(id=0, room_id=place.room_id, poll_id=poll.poll_id, choice=1)
    )


def draw_of(place: Place) -> round_commands.OpenDraw:
    return round_commands.OpenDraw(id=0, room_id=place.room_id, prize="a mug")


@tries(Action.RUN_DRAWS)
async def _run_draws(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, draw_of(place))


@tries(Action.ENTER_DRAWS)
async def _enter_draws(place: Place, who: ControlClient) -> event_base.Answer:
    # Whoever opened a draw may not win it.
    opener = place.moderator if who is place.owner else place.owner
    draw = (await done(opener, draw_of(place))).draw
    await _join(place, who)
    return await ask(
        who, round_commands.EnterDraw(id=0, room_id=place.room_id, draw_id=draw.draw_id)
    )


# --- coins ------------------------------------------------------------------------------------


@tries(Action.GIVE, is_live=True)
async def _give(place: Place, who: ControlClient) -> event_base.Answer:
    await _join(place, who)
    await ask(who, coin_commands.ClaimGrant(id=0))
    return await ask(
        who,
        coin_commands.SendRedPacket(
            id=0, room_id=place.room_id, coins=1, shares=1, idempotency_key=place.word
        ),
    )


@tries(Action.GRANT_COINS)
async def _grant_coins(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(
        who,
        coin_commands.GrantCoins(
            id=0, user_id=place.somebody_id, coins=1, note="", idempotency_key=place.word
        ),
    )


@tries(Action.REFUND, is_live=True)
async def _refund(place: Place, who: ControlClient) -> event_base.Answer:
    giver = place.moderator
    await _join(place, giver)
    await ask(giver, coin_commands.ClaimGrant(id=0))
    gifts = (await done(giver, coin_commands.ListGifts(id=0))).gifts
    gift = await done(
        giver,
        coin_commands.SendGift(
            id=0,
            room_id=place.room_id,
            gift_id=gifts[0].gift_id,
            idempotency_key=f"gift {place.word}",
        ),
    )
    return await ask(
        who, coin_commands.RefundTransfer(id=0, transfer_id=gift.transfer_id, note="a mistake")
    )


# --- recommendations --------------------------------------------------------------------------


@tries(Action.TRAIN_RECOMMENDER)
async def _see_models(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, discovery_commands.ListModels(id=0))


# --- recordings ---------------------------------------------------------------------------------


@tries(Action.LIST_REPLAYS)
async def _list_replays(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, replay_commands.ListReplays(id=0, room_id=place.room_id))


@tries(Action.KEEP_REPLAYS)
async def _keep_replays(place: Place, who: ControlClient) -> event_base.Answer:
    return await ask(who, replay_commands.RecordRoom(id=0, room_id=place.room_id, is_on=False))
