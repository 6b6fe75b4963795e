"""The part of the tour about recommendations: before and after watching, why, what is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint

from app.net.address import parse_relay_address
from app.net.control_client import open_control
from tests.tour.pictures import lay_at
from wire import (
    account_commands,
    account_events,
    admin_commands,
    events,
    room_commands,
    room_events,
)
from wire.ids import UserId

if TYPE_CHECKING:
    from app.live.demo_patron import DemoPatron
    from tests.tour.screenshots import Tour

SMALL: Final = (1024, 640)
"""The smallest window: what fits there fits everywhere."""
WATCH_S: Final = 25.0
TASTE: Final = "Outdoors"


def show_recommended(tour: Tour, patron: DemoPatron) -> None:
    tour.loop.submit(_make_admin(tour, patron)).result(10)
    before = tour.window.size()
    tour.window.resize(*SMALL)
    tour.window.show_page("discover")
    tour.wait(6)
    tour.photograph("recommended-before", settle_s=0.8)
    _watch(tour, TASTE)
    tour.window.show_page("discover")
    tour.wait(6)
    tour.photograph("recommended", settle_s=0.8)
    _show_why(tour)
    tour.window.show_page("me")
    tour.wait_a_while(lambda: bool(tour.desktop.me.taste.streamer_rows))
    tour.desktop.me.show_taste()
    tour.photograph("taste", prepare=tour.desktop.me.show_taste)
    tour.window.show_page("admin")
    tour.desktop.admin.show_section("recommendations")
    panel = tour.desktop.admin.recommendations
    tour.wait_a_while(lambda: panel.state.models is not None)
    tour.photograph("recommender")
    panel.train_button.click()
    tour.wait_a_while(
        lambda: panel.state.models is not None and bool(panel.state.models.models), seconds=60
    )
    tour.photograph("recommender-trained")
    tour.window.resize(before)


async def _make_admin(tour: Tour, patron: DemoPatron) -> None:
    url, pin = tour.house.relay_settings()
    async with open_control(parse_relay_address(url, pin=pin)) as control:
        login = account_commands.Login(
            id=control.next_id(), name=patron._name, password=patron._password
        )
        await control.request(login, account_events.LoggedIn)
        own = UserId(tour.house.own_user_id())
        appoint = admin_commands.SetAdmin(id=control.next_id(), user_id=own, granted=True)
        await control.request(appoint, events.Ok)


def _watch(tour: Tour, category: str) -> None:
    """One room of this category, as a viewer does."""
    listed = tour.ask(room_commands.ListRooms(id=0, live_only=True), room_events.RoomList)
    own = tour.house.own_user_id()
    room = next(
        room for room in listed.rooms if room.category == category and room.owner.user_id != own
    )
    tour.desktop.discover.room_chosen.emit(room.room_id)
    tour.wait(WATCH_S)
    tour.desktop.room.close_room()
    tour.wait(1.0)


def _show_why(tour: Tour) -> None:
    page = tour.desktop.discover
    for language, theme in tour.looks:
        tour.choose(language=language, theme=theme)
        tour.wait(0.8)
        card = page._recommended.cards[0]
        place = card.mapToGlobal(QPoint(card.width() // 2, 60))
        page.recommended.explain(card.room_id, place)
        tour.wait(1.0)
        why = page.recommended.why
        corner = tour.window.mapFromGlobal(why.pos())
        picture = lay_at(tour.window.grab().toImage(), why.grab().toImage(), corner)
        why.hide()
        tour.take(f"recommended-why-{language}-{theme}", picture)
