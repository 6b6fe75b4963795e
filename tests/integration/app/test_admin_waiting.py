"""What waits for an admin, and the role itself, from the real relay to the app's state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.live import admin, inbox
from app.live.admin_waiting import WaitingWatch
from app.state.admin_overview import WaitingCounts
from app.state.inbox import ReportTarget
from tests.integration.app.test_inbox import Town, make_room, town, until  # noqa: F401 # a fixture
from wire import chat_commands, chat_events, room_commands, room_events

if TYPE_CHECKING:
    from tests.integration.app.test_inbox import Person


def watch(person: Person) -> list[WaitingCounts]:
    heard: list[WaitingCounts] = []
    WaitingWatch(person.house, on_counts=heard.append)
    return heard


async def test_report_when_acted_on_then_muted_decided_and_no_longer_waiting(
    town: Town,  # noqa: F811 # the fixture
) -> None:
    keeper = await town.admin()
    heard = watch(keeper)
    owner, viewer = await town.newcomer("Ada"), await town.newcomer("Bob")
    room_id = await make_room(owner)
    for person in (owner, viewer):
        await person.house.request(
            room_commands.JoinRoom(id=0, room_id=room_id), room_events.RoomJoined
        )
    said = await viewer.house.request(
        chat_commands.SendDanmaku(id=0, room_id=room_id, text="buy coins"),
        chat_events.DanmakuAccepted,
    )
    target = ReportTarget(room_id=room_id, name="Bob", message_id=said.message_id)
    await owner.inbox.report(inbox.make_report(target, "spam", ""))
    await until(lambda: heard[-1:] == [WaitingCounts(reports=1)])
    (report,) = (await inbox.list_reports(keeper.house)).reports
    decided = await admin.act_on_report(
        keeper.house,
        report,
        kind="mute",
        duration_s=600,
        reason="spam",
        is_in_room=True,
        verdict="muted",
    )
    assert decided.report.state == "acted"
    await until(lambda: [one.room_id for one in viewer.inbox.state.sanctions] == [room_id])
    await until(lambda: heard[-1] == WaitingCounts())


async def test_role_when_given_and_taken_then_the_house_knows_at_once(
    town: Town,  # noqa: F811 # the fixture
) -> None:
    keeper, person = await town.admin(), await town.newcomer("Ada")
    user_id = person.house.own_user_id()

    def is_admin() -> bool:
        user = person.house.state.user
        return user is not None and user.is_admin

    await admin.set_admin(keeper.house, user_id, granted=True)
    await until(is_admin)
    await admin.set_admin(keeper.house, user_id, granted=False)
    await until(lambda: not is_admin())
