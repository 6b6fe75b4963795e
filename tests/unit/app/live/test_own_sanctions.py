"""What stands against the one who looks: this room's and the house's, and nothing on silence."""

from __future__ import annotations

from app.errors import RelayUnreachable
from app.live.keeping import ask
from app.live.own_sanctions import read_own_sanctions
from app.state.keeping import OwnSanction, OwnSanctionsRead
from tests.unit.app.state.test_room import ROOM
from wire import (
    chat_commands,
    command_base,
    event_base,
    events,
    order_commands,
    order_events,
    round_commands,
    round_events,
)
from wire.ids import PollId, RoomId, SanctionId, UserId


class FakeControl:
    """Remembers which answer was expected."""

    def __init__(self, *sanctions: order_events.SanctionInfo) -> None:
        self.sanctions = sanctions
        self.is_away = False
        self.expected: list[type[event_base.Answer]] = []

    async def request(
        self, _command: command_base.Command, answer: type[event_base.Answer]
    ) -> event_base.Answer:
        if self.is_away:
            raise RelayUnreachable("away")
        self.expected.append(answer)
        return order_events.SanctionList(sanctions=self.sanctions)


def sanction(
    number: int, room_id: RoomId | None, remaining_ms: int | None = None
) -> order_events.SanctionInfo:
    return order_events.SanctionInfo(
        sanction_id=SanctionId(f"s{number}"),
        kind="mute",
        user=event_base.UserInfo(user_id=UserId("u1"), name="Bob"),
        room_id=room_id,
        role="automatic",
        imposed_at_unix_ms=1,
        remaining_ms=remaining_ms,
    )


async def read(control: FakeControl) -> list[OwnSanctionsRead]:
    told: list[OwnSanctionsRead] = []
    await read_own_sanctions(control, ROOM, now_mono_ms=lambda: 1_000, apply=told.append)
    return told


async def test_sanctions_when_read_then_those_of_other_rooms_and_over_ones_are_left_out() -> None:
    control = FakeControl(
        sanction(1, ROOM, 500),
        sanction(2, RoomId("elsewhere")),
        sanction(3, None),
        sanction(4, ROOM, 0),
    )
    own = (
        OwnSanction("s1", "mute", until_mono_ms=1_500),
        OwnSanction("s3", "mute", is_everywhere=True),
    )
    assert await read(control) == [OwnSanctionsRead(own)]


async def test_sanctions_when_nobody_answers_then_all_stays_as_it_was() -> None:
    control = FakeControl()
    control.is_away = True
    assert await read(control) == []


async def test_commands_when_asked_then_each_expects_its_own_answer() -> None:
    control = FakeControl()
    poll = round_commands.OpenPoll(
        id=0, room_id=ROOM, question="which", choices=("a", "b"), seconds=60
    )
    await ask(control, poll)
    await ask(control, round_commands.ClosePoll(id=0, room_id=ROOM, poll_id=PollId("p1")))
    draw = round_commands.OpenDraw(id=0, room_id=ROOM, prize="a cup", winners=1, seconds=60)
    await ask(control, draw)
    await ask(control, chat_commands.Announce(id=0, room_id=ROOM, text="hi"))
    await ask(control, order_commands.ListActs(id=0, room_id=ROOM))
    assert control.expected == [
        round_events.PollDetails,
        round_events.PollDetails,
        round_events.DrawDetails,
        events.Ok,
        order_events.ActList,
    ]
