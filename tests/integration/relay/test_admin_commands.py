"""What only admins may, asked by others on real sockets; and what admins alone are told there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from server.gateway.admin_commands import ADMIN_USE_CASES
from tests.integration.store.test_control_session import fields_of
from tests.support.relay_clients import PASSWORD, claim_admin, control
from wire import (
    account_commands,
    account_events,
    admin_events,
    command_base,
    event_base,
    events,
    inbox_commands,
    order_commands,
    room_commands,
    words_commands,
)
from wire import admin_commands as ask
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.relay_clients import ControlClient
    from tests.support.relay_process import RelayProcess
    from wire.ids import RoomId
from wire.privacy_events import PRIVACY_VERSION

FOR_OTHERS: Final = {ask.PlanBroadcast, ask.RedeemPasswordReset}
HOUSE_WIDE: Final[tuple[command_base.Command, ...]] = (
    order_commands.ListActs(id=0),
    order_commands.ListSanctions(id=0),
    order_commands.ListSanctions(id=0, scope="rooms"),
    order_commands.ListSanctions(id=0, scope="all"),
    words_commands.ListWords(id=0),
    words_commands.AddWord(id=0, word="paper"),
    words_commands.ImportWords(id=0, words=("paper",)),
    words_commands.RemoveWord(id=0, word="paper"),
    words_commands.SetTextRules(id=0, links="refuse"),
    words_commands.GetTextRules(id=0),
    words_commands.TryText(id=0, text="paper"),
    inbox_commands.ListReports(id=0),
    inbox_commands.ListFeedback(id=0),
    inbox_commands.GetFeedback(id=0, feedback_id="f1"),
    inbox_commands.AnswerFeedback(id=0, feedback_id="f1", text="no"),
)
"""Without a room: the house's."""


def admin_commands(room_id: RoomId) -> list[command_base.Command]:
    return [
        kind(id=0, **fields_of(kind, room_id))
        for kind in sorted(set(ADMIN_USE_CASES) - FOR_OTHERS, key=lambda kind: kind.__name__)
    ]


async def answer_of(client: ControlClient, command: command_base.Command) -> Any:
    return await (await client.send(command))


async def register(client: ControlClient, name: str) -> event_base.UserInfo:
    command = account_commands.Register(
        id=0, name=name, password=PASSWORD, agreed_version=PRIVACY_VERSION
    )
    login: account_events.LoggedIn = await client.ask(command)
    return login.user


@pytest.mark.parametrize("who", ["guest", "streamer"])
async def test_admins_command_when_somebody_else_gives_it_on_a_socket_then_refused(
    relay: RelayProcess, unique: Callable[[str], str], who: str
) -> None:
    async with control(relay.url) as owner, control(relay.url) as guest:
        await register(owner, unique("owner"))
        made = await owner.ask(room_commands.CreateRoom(id=0, name=unique("room")))
        room_id = made.room.room_id
        client = owner if who == "streamer" else guest
        wanted = ErrorCode.FORBIDDEN if who == "streamer" else ErrorCode.LOGIN_REQUIRED
        let_through = {}
        for command in (*admin_commands(room_id), *HOUSE_WIDE):
            answer = await answer_of(client, command)
            if not (isinstance(answer, events.Error) and answer.code is wanted):
                let_through[type(command).__name__] = answer
        assert not let_through
        assert client.close_code is None


async def test_feedback_when_it_comes_then_the_admins_socket_hears_of_it_and_no_others(
    relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    async with control(relay.url) as first, control(relay.url) as second:
        await register(first, unique("admin"))
        await claim_admin(first, relay)
        user = await register(second, unique("writer"))
        before = await first.ask(ask.GetOverview(id=0))
        send = inbox_commands.SendFeedback(
            id=0, idempotency_key=unique("key-key-"), category="idea", text="more stars"
        )
        await second.ask(send)
        await first.wait_for(admin_events.HouseWaiting, feedback=before.feedback_new + 1)
        await first.ask(ask.SetAdmin(id=0, user_id=user.user_id, granted=True))
        await second.wait_for(admin_events.HouseRoleChanged, is_admin=True)
        await first.ask(ask.SetAdmin(id=0, user_id=user.user_id, granted=False))
        await second.wait_for(admin_events.HouseRoleChanged, is_admin=False)
        assert not second.of(admin_events.HouseWaiting)
        forbidden = await answer_of(second, ask.GetOverview(id=0))
        assert forbidden.code is ErrorCode.FORBIDDEN
