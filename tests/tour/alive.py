"""The live part of the tour: gifts, hearts, a poll, a lucky draw, a red packet, the wallet."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QScrollArea

from app.errors import RelayRefused
from app.live.crowd_accounts import CrowdAccounts
from app.live.vault import Vault
from app.net.address import parse_relay_address
from app.net.control_client import open_control
from app.state.demo_programme import make_programme
from tests.tour.pictures import lay_at
from wire import (
    chat_commands,
    coin_commands,
    command_base,
    event_base,
    room_commands,
    room_events,
    round_commands,
)
from wire.ids import GiftId, RoomId

if TYPE_CHECKING:
    from pathlib import Path

    from app.live.demo_patron import DemoPatron
    from tests.tour.screenshots import Tour

NAMES: Final = ("北斗", "Marisol", "南枝")
STAGE_GIFTS: Final = ("dragon", "whale", "castle", "rocket")
BEST_MOMENT: Final = 0.5
"""Of a full-stage gift's time."""
DRAW_S: Final = 12
PRESS_S: Final = 0.25
MARGIN: Final = 24
CHINESE_TITLE: Final = "周二放映室：边看边聊"


class Guests:
    """Named viewers who do what the pictures need, when they need it."""

    def __init__(self, tour: Tour, folder: Path, patron: DemoPatron) -> None:
        url, pin = tour.house.relay_settings()
        self._tour = tour
        self._patron = patron
        self._address = parse_relay_address(url, pin=pin)
        self._accounts = CrowdAccounts(Vault(folder / "guests", uses_keyring=False), pin or url)
        # As the demo keeps them: its streamers can be spoken for.
        self.streamers = CrowdAccounts(
            Vault(folder / "demo" / "people", uses_keyring=False), pin or url
        )
        self._purse = tour.loop.submit(self._start_purse()).result(10)

    async def _start_purse(self) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(self._patron.run(self._address))

    def close(self) -> None:
        self._tour.loop.call(self._purse.cancel)

    def arrive(self) -> None:
        """Sign all in, so that they and the host have their coins."""
        for name in NAMES:
            self._tour.loop.submit(self._do(name, None, ())).result(20)
        own = event_base.UserInfo(user_id=self._tour.house.own_user_id(), name="")
        self._tour.loop.call(self._patron.note, own)
        self._tour.wait(1.0)

    def give(self, who: int, room_id: RoomId, gift_id: str, *, times: int = 1) -> None:
        deeds = [
            coin_commands.SendGift(
                id=0, room_id=room_id, gift_id=GiftId(gift_id), idempotency_key=uuid.uuid4().hex
            )
            for _ in range(times)
        ]
        self._begin(NAMES[who], room_id, deeds)

    def like(self, who: int, room_id: RoomId) -> None:
        likes = [chat_commands.SendLikes(id=0, room_id=room_id, count=3) for _ in range(8)]
        self._begin(NAMES[who], room_id, likes)

    def treat(self, who: int, room_id: RoomId) -> None:
        packet = coin_commands.SendRedPacket(
            id=0, room_id=room_id, coins=188, shares=60, idempotency_key=uuid.uuid4().hex
        )
        self._begin(NAMES[who], room_id, [packet])

    def open_as(
        self,
        owner: str,
        command: round_commands.OpenPoll | round_commands.OpenDraw | room_commands.EditRoom,
    ) -> None:
        """Where a poll or a draw is open already, that one will do."""
        work = self._do(owner, command.room_id, [command], self.streamers)
        self._tour.loop.submit(work).result(20)

    def _begin(self, name: str, room_id: RoomId, deeds: list[command_base.Command]) -> None:
        self._tour.loop.submit(self._do(name, room_id, deeds))

    async def _do(
        self,
        name: str,
        room_id: RoomId | None,
        deeds: list[command_base.Command] | tuple[()],
        accounts: CrowdAccounts | None = None,
    ) -> None:
        async with open_control(self._address) as control:
            user = await (accounts or self._accounts).sign_in(control, name)
            if accounts is None:
                self._patron.note(user)
            if room_id is not None:
                join = room_commands.JoinRoom(id=control.next_id(), room_id=room_id)
                await control.request(join, room_events.RoomJoined)
            for deed in deeds:
                numbered = type(deed)(**{**_fields(deed), "id": control.next_id()})
                try:
                    await control.request(numbered, event_base.Answer)
                except RelayRefused as refused:
                    # Said, and not raised: one picture less is no reason to take none.
                    print(f"{name}: {refused.message}")  # noqa: T201 # a command's output
                await asyncio.sleep(PRESS_S)


def _fields(deed: command_base.Command) -> dict[str, object]:
    return {name: getattr(deed, name) for name in deed.__struct_fields__}


def show_gifts(tour: Tour, guests: Guests, room: event_base.RoomInfo) -> None:
    """In the room that is open."""
    layer = tour.desktop.room.stage.gifts
    waiting = iter(STAGE_GIFTS)

    def until_at_its_best() -> None:
        gift = next(waiting)
        tour.wait_a_while(lambda: layer.show.effect is None, 20)
        guests.give(0, room.room_id, gift)

        def is_at_its_best() -> bool:
            effect = layer.show.effect
            now_ms = time.monotonic() * 1000
            return (
                effect is not None
                and effect.gift.gift_id == gift
                and effect.progress(now_ms) >= BEST_MOMENT
            )

        tour.wait_a_while(is_at_its_best, 20)

    def until_combos() -> None:
        tour.wait_a_while(lambda: layer.show.effect is None, 20)
        guests.give(0, room.room_id, "umbrella", times=3)
        guests.give(1, room.room_id, "lantern", times=6)
        guests.give(2, room.room_id, "heart", times=12)
        tour.wait_a_while(lambda: any(one.gift.count >= 11 for one in layer.show.banners), 12)

    tour.photograph("gift-stage", prepare=until_at_its_best)
    tour.photograph("gift-combo", prepare=until_combos)


def show_hearts(tour: Tour, guests: Guests, room: event_base.RoomInfo) -> None:
    def tap() -> None:
        for who in range(len(NAMES)):
            guests.like(who, room.room_id)
        for _ in range(14):
            tour.desktop.room.controls.like.tap()
            tour.wait(0.15)

    tour.photograph("hearts", prepare=tap)


def show_poll(tour: Tour, guests: Guests, room: event_base.RoomInfo) -> None:
    page = tour.desktop.room
    one = next(demo.rounds[0] for demo in make_programme(["film"]) if demo.owner == room.owner.name)
    poll = round_commands.OpenPoll(
        id=0, room_id=room.room_id, question=one.question, choices=one.choices, seconds=120
    )
    guests.open_as(room.owner.name, poll)

    def has_votes() -> bool:
        found = page._state.rounds.poll
        return found is not None and sum(found.votes) >= 4

    tour.wait_a_while(has_votes, 25)
    tour.photograph("poll", settle_s=1.0)


def show_draw(tour: Tour, guests: Guests, room: event_base.RoomInfo) -> None:
    page = tour.desktop.room
    one = next(demo.rounds[0] for demo in make_programme(["film"]) if demo.owner == room.owner.name)
    draw = round_commands.OpenDraw(
        id=0, room_id=room.room_id, prize=one.prize, winners=one.winners, seconds=DRAW_S
    )
    guests.open_as(room.owner.name, draw)
    tour.wait_a_while(lambda: page._state.rounds.draw is not None)
    found = page._state.rounds.draw
    if found is not None:
        page.rounds.entered.emit(found.draw_id)
    tour.wait_a_while(lambda: page._state.rounds.result is not None, 120)
    tour.photograph("lucky-draw", settle_s=1.0)


def show_red_packet(tour: Tour, guests: Guests, room: event_base.RoomInfo) -> None:
    guests.treat(0, room.room_id)
    tour.wait_a_while(lambda: bool(tour.desktop.room.gifts._state.packets))
    popup = tour.desktop.room.gifts.popup

    def open_popup() -> None:
        popup.pop_up_above(tour.desktop.room.gifts.bar)
        tour.wait(0.5)

    for packet in tour.desktop.room.gifts._state.packets[:1]:
        tour.desktop.room.gifts.chips.grabbed.emit(packet.packet_id)
    tour.photograph("red-packet")
    for language, theme in tour.looks:
        tour.choose(language=language, theme=theme)
        open_popup()
        page, sheet = tour.window.grab().toImage(), popup.grab().toImage()
        place = popup.pos() - tour.window.mapToGlobal(QPoint(0, 0))
        popup.hide()
        tour.take(f"gift-popup-{language}-{theme}", lay_at(page, sheet, place))


def show_wallet(tour: Tour) -> None:
    me = tour.desktop.me
    tour.window.show_page("me")
    tour.wait(1.5)

    def scroll() -> None:
        bar = me.findChild(QScrollArea).verticalScrollBar()
        bar.setValue(me.wallet.y() - MARGIN)
        tour.wait(0.3)

    tour.photograph("wallet", prepare=scroll)


def show_thanks(tour: Tour, guests: Guests, room_id: RoomId) -> None:
    studio = tour.desktop.studio
    tour.window.show_page("studio")
    studio._tabs.setCurrentIndex(3)
    for who, gift, times in ((1, "coffee", 2), (0, "guitar", 1), (2, "candy", 5), (0, "rocket", 1)):
        guests.give(who, room_id, gift, times=times)
        tour.wait(1.2)
    tour.wait(4.0)
    tour.photograph("studio-thanks")
    studio._tabs.setCurrentIndex(2)


def show_live_room(tour: Tour, guests: Guests, room: event_base.RoomInfo, language: str) -> None:
    """All that happens in a room, in one that speaks this language."""
    tour.looks = tuple(look for look in tour.all_looks if look[0] == language)
    tour.desktop.discover.room_chosen.emit(room.room_id)
    page = tour.desktop.room
    tour.wait_a_while(lambda: page._state.room_id == room.room_id and page.controls.like.can_like)
    tour.wait(6)
    tour.desktop.room.gifts.popup.grant_wanted.emit()
    for gift_id in ("flower", "coffee"):
        tour.desktop.room.gifts.popup.gift_wanted.emit(gift_id, 1)
        tour.wait(0.6)
    tour.wait_a_while(lambda: page._state.stage == "live", 20)
    show_poll(tour, guests, room)
    show_gifts(tour, guests, room)
    show_hearts(tour, guests, room)
    show_red_packet(tour, guests, room)
    show_draw(tour, guests, room)
    page.close_room()
    tour.looks = tour.all_looks


def show_live_rooms(tour: Tour, guests: Guests) -> None:
    guests.arrive()
    listed = tour.ask(room_commands.ListRooms(id=0, live_only=True), room_events.RoomList)
    own = tour.house.own_user_id()
    rooms = [room for room in listed.rooms if room.owner.user_id != own]
    best = next((room for room in rooms if room.category == "Film"), rooms[0])
    show_live_room(tour, guests, best, "en")
    guests.open_as(
        best.owner.name,
        room_commands.EditRoom(id=0, room_id=best.room_id, title=CHINESE_TITLE, category="电影"),
    )
    show_live_room(tour, guests, best, "zh_CN")
    show_wallet(tour)
    show_thanks(tour, guests, RoomId(tour.house.state.home_room_id))
