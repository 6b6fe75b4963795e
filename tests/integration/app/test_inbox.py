"""Reports, feedback and appeals from the app's parts to the real relay and back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.errors import RelayRefused
from app.live import inbox
from app.live.house import House
from app.live.inbox import OwnInbox
from app.live.vault import Vault
from app.state.inbox import FeedbackDraft, InboxState, ReportTarget
from server import maintenance
from tests.support.relay_process import running_relay
from wire import chat_commands, chat_events, room_commands, room_events
from wire.errors import ErrorCode
from wire.order_commands import ImposeSanction
from wire.order_events import SanctionDetails

if TYPE_CHECKING:
    from app.state.inbox import Item
    from wire.ids import RoomId

PASSWORD = "a very long password"
JPEG = b"\xff\xd8\xff\xe0picture"


class Person:
    """A house of one's own and the inbox on it."""

    def __init__(self, folder: Path) -> None:
        vault = Vault(folder, uses_keyring=False)
        self.house = House(folder, random=lambda: 0.0, vault=vault, port=0)
        self.states: list[InboxState] = []
        self.news: list[Item] = []
        self.inbox = OwnInbox(self.house, on_state=self.states.append, on_news=self.news.append)


async def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    for _ in range(round(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to be")


class Town:
    """A relay with its admin, and whoever comes."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self.people: list[Person] = []

    async def admin(self) -> Person:
        person = await self._enter("admin")
        await person.house.login("Root", PASSWORD)
        return person

    async def newcomer(self, name: str) -> Person:
        person = await self._enter(name)
        await person.house.register(name, PASSWORD)
        return person

    async def _enter(self, name: str) -> Person:
        person = Person(self._folder / name)
        self.people.append(person)
        await person.house.join(self._url.replace("ws://", "livehouse://"))
        return person


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    await asyncio.to_thread(
        maintenance.create_user,
        tmp_path / "data",
        "",
        name="Root",
        password=PASSWORD,
        is_admin=True,
    )
    with running_relay(tmp_path / "data") as relay:
        town = Town(relay.url, tmp_path)
        yield town
        for person in town.people:
            await person.house.stop()


async def make_room(person: Person) -> RoomId:
    command = room_commands.CreateRoom(id=0, name="Inbox hall")
    return (await person.house.request(command, room_events.RoomDetails)).room.room_id


async def test_report_when_judged_then_the_reporter_hears_it_at_once(town: Town) -> None:
    owner, viewer = await town.newcomer("Ada"), await town.newcomer("Bob")
    room_id = await make_room(owner)
    for person in (owner, viewer):
        await person.house.request(
            room_commands.JoinRoom(id=0, room_id=room_id), room_events.RoomJoined
        )
    said = await owner.house.request(
        chat_commands.SendDanmaku(id=0, room_id=room_id, text="buy coins"),
        chat_events.DanmakuAccepted,
    )
    target = ReportTarget(room_id=room_id, name="Ada", message_id=said.message_id)
    report = inbox.make_report(target, "spam", "")
    taken = await viewer.inbox.report(report)
    assert viewer.inbox.state.reports[0].text == "buy coins"
    admin = await town.admin()
    (found,) = (await inbox.list_reports(admin.house)).reports
    assert found.report_id == taken.report_id
    await inbox.claim_report(admin.house, found.report_id)
    await inbox.decide_report(admin.house, found.report_id, "acted", "Thank you")
    await until(lambda: bool(viewer.news))
    assert viewer.inbox.state.unread == 1
    assert viewer.inbox.state.reports[0].verdict == "Thank you"
    await viewer.inbox.mark_read()
    assert viewer.inbox.state.unread == 0


async def test_feedback_when_answered_while_away_then_found_on_coming_back(town: Town) -> None:
    viewer, admin = await town.newcomer("Bob"), await town.admin()
    draft = FeedbackDraft(
        category="problem", text="No sound", diagnostics="system: Linux", screenshot=JPEG
    )
    sent = await viewer.inbox.send(draft, "key")
    assert (await viewer.inbox.send(draft, "key")).feedback_id == sent.feedback_id
    await viewer.house.logout()
    await until(lambda: viewer.inbox.state == InboxState())
    details = await inbox.get_feedback(admin.house, sent.feedback_id)
    assert (details.screenshot, details.diagnostics) == (JPEG, "system: Linux")
    await inbox.answer_feedback(admin.house, sent.feedback_id, "Plug it in")
    await viewer.house.login("Bob", PASSWORD)
    await until(lambda: viewer.inbox.state.is_known)
    assert viewer.inbox.state.unread == 1
    assert viewer.inbox.state.feedback[0].answer == "Plug it in"


async def test_ban_when_appealed_and_granted_then_one_is_in_again(town: Town) -> None:
    viewer, admin = await town.newcomer("Bob"), await town.admin()
    user = viewer.house.state.user
    assert user is not None
    command = ImposeSanction(id=0, user_id=user.user_id, kind="ban", reason="flooding")
    imposed = await admin.house.request(command, SanctionDetails)
    await viewer.house.stop()
    stranger = await town._enter("elsewhere")
    with pytest.raises(RelayRefused) as caught:
        await stranger.house.login("Bob", PASSWORD)
    assert caught.value.code is ErrorCode.BANNED
    read = await inbox.appeal_ban(stranger.house, "Bob", PASSWORD, key="k")
    assert [one.reason for one in read.sanctions] == ["flooding"]
    sent = await inbox.appeal_ban(
        stranger.house,
        "Bob",
        PASSWORD,
        key="k",
        sanction_id=imposed.sanction.sanction_id,
        text="It was my brother",
    )
    (appeal,) = sent.feedback
    granted = await inbox.answer_feedback(
        admin.house, appeal.feedback_id, "Welcome back", is_granted=True, is_closed=True
    )
    assert granted.sanction is not None
    assert granted.sanction.remaining_ms == 0
    await stranger.house.login("Bob", PASSWORD)
    await until(lambda: stranger.inbox.state.unread == 1)


async def test_mute_when_imposed_then_it_stands_in_the_inbox_to_be_appealed(town: Town) -> None:
    viewer, admin = await town.newcomer("Bob"), await town.admin()
    user = viewer.house.state.user
    assert user is not None
    await admin.house.request(
        ImposeSanction(id=0, user_id=user.user_id, kind="mute", reason="flooding"),
        SanctionDetails,
    )
    await until(lambda: bool(viewer.inbox.state.sanctions))
    (against,) = viewer.inbox.state.sanctions
    draft = FeedbackDraft(category="appeal", text="Why?", sanction_id=against.sanction_id)
    sent = await viewer.inbox.send(draft, "k")
    assert not viewer.inbox.state.may_appeal(against.sanction_id)
    await inbox.answer_feedback(admin.house, sent.feedback_id, "Sorry", is_granted=True)
    await until(lambda: not viewer.inbox.state.sanctions)
