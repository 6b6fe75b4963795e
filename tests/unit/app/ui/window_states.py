"""Every place of the window: each page in each of its states, its panels, menus and dialogs.

A place is brought to the front by its function, from states alone. `say` makes each text that comes
from elsewhere (names, titles, messages, links, device names): the walk gives it ordinary words,
another test hostile ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.errors import RelayRefused
from app.state import discover, room, studio
from app.state.house import HouseState
from app.state.studio_health import Figures, Health
from app.state.studio_scene import Box, StudioItem
from app.ui.crash_offer import CrashOffer
from app.ui.desktop import Desktop
from app.ui.question import Question
from app.ui.studio.add_source import Devices
from tests.unit.app.state.test_room import LIVE, ROOM
from wire import events
from wire.errors import ErrorCode
from wire.ids import BroadcastId, MessageId, RoomId, UserId

Say = Callable[[str], str]
Place = Callable[[Desktop, Say], QWidget | None]
"""Returns the window that is in front, where that is not the main one."""

INVITE: Final = "livehouse://192.168.1.20:7788/stage?pin=67964f2e"


def user(say: Say, name: str = "Ann") -> events.UserInfo:
    return events.UserInfo(user_id=UserId("u1"), name=say(name))


def room_info(say: Say, number: int = 1, state: str = "live") -> events.RoomInfo:
    broadcast = None if not state else replace_state(LIVE, state, number)
    return events.RoomInfo(
        room_id=RoomId(f"r{number}"),
        name=say(f"stage {number}"),
        owner=user(say),
        title=say("Evening music"),
        category=say("Music"),
        viewers=number,
        broadcast=broadcast,
    )


def replace_state(info: events.BroadcastInfo, state: str, number: int) -> events.BroadcastInfo:
    return events.BroadcastInfo(
        broadcast_id=BroadcastId(f"b{number}"),
        started_at_unix_us=0,
        state="away" if state == "away" else "live",
        tracks=info.tracks,
    )


def message(say: Say, number: int) -> events.DanmakuPosted:
    return events.DanmakuPosted(
        room_id=ROOM,
        message_id=MessageId(f"m{number:06}"),
        user_id=UserId("u2"),
        name=say("Bob"),
        role="viewer",
        text=say("Good evening"),
        sent_at_unix_ms=number,
    )


def joined(say: Say, state: str = "live", role: events.Role = "viewer") -> room.RoomState:
    answer = events.RoomJoined(
        room=room_info(say, state=state), role=role, messages=(message(say, 1), message(say, 2))
    )
    return (
        room.RoomState()
        .apply(room.Opened(ROOM))
        .apply(room.Joined(answer))
        .apply(room.LinkChanged("connected"))
        .apply(room.Measured(room.Statistics(has_packets=True, latency_ms=231, fps=30)))
    )


def scene(say: Say) -> studio.StudioState:
    items = (
        StudioItem("a", "camera", say("Front camera"), box=Box(0, 0, 0.5, 0.5)),
        StudioItem("b", "file", say("talk.mp4"), signal="no_signal", filters=("background_blur",)),
        StudioItem("c", "text", say("Welcome")),
    )
    channels = (
        studio.Channel("a", say("Headset"), is_microphone=True),
        studio.Channel("b", say("talk.mp4")),
    )
    return studio.StudioState(
        items=items,
        selected="b",
        channels=channels,
        room=say("stage"),
        title=say("Evening music"),
        category=say("Music"),
        checks=(("picture", "ok"), ("sound", "bad"), ("encoder", "ok"), ("uplink", "bad")),
        chat=(message(say, 1),),
        notices=(studio.Notice("source_restored", say("Front camera")),),
        notices_count=1,
    )


def on_air(say: Say, phase: studio.Phase = "live") -> studio.StudioState:
    figures = Figures(elapsed_s=3725, viewers=12, fps=30, bit_rate_kbps=2500, round_trip_ms=12)
    return replace(
        scene(say),
        phase=phase,
        figures=figures,
        history=(figures, figures),
        health=Health("bad", "source", say("Front camera")),
    )


def busy_chat(say: Say) -> room.RoomState:
    """Every kind of row, a mention and a reply."""
    state = joined(say)
    roles: tuple[events.Role, ...] = ("streamer", "moderator", "admin", "viewer")
    for number, role in enumerate(roles, start=100):
        one = msgspec.structs.replace(
            message(say, number), role=role, reply_to=MessageId("m000001"), text=say("@Ada hello")
        )
        state = state.apply(one)
    return state


# --- bringing them to the front -------------------------------------------------------------------


def _first(desktop: Desktop, _say: Say) -> None:
    desktop.window.show_first_start()


def _joining(desktop: Desktop, _say: Say) -> None:
    desktop.window.show_first_start()
    desktop.first_start._set_joining(is_joining=True)


def _busy(desktop: Desktop, _say: Say) -> None:
    desktop.window.show_first_start()
    desktop.first_start._set_busy(is_busy=True)


def _failed(desktop: Desktop, say: Say) -> None:
    desktop.window.show_first_start()
    desktop.first_start._set_joining(is_joining=True)
    desktop.first_start._on_failed(RelayRefused(ErrorCode.INVALID_VALUE, say("not a name")))


def _discover(make: Callable[[Say], discover.DiscoverState]) -> Place:
    def bring(desktop: Desktop, say: Say) -> None:
        desktop.window.show_page("discover")
        desktop.discover.render_state(make(say))

    return bring


def _listed(say: Say) -> discover.DiscoverState:
    rooms = (room_info(say, 3), room_info(say, 2, "away"), room_info(say, 1, ""))
    return discover.DiscoverState().apply(discover.Listed(rooms, "", ""))


def _room(make: Callable[[Say], room.RoomState]) -> Place:
    def bring(desktop: Desktop, say: Say) -> None:
        desktop.window.show_page("room")
        desktop.room.render_state(make(say))

    return bring


def _refused(code: ErrorCode) -> Callable[[Say], room.RoomState]:
    return lambda say: (
        room.RoomState().apply(room.Opened(ROOM)).apply(room.JoinRefused(code, say("no")))
    )


def _send_refused(say: Say) -> room.RoomState:
    return joined(say).apply(room.SendEnded(ErrorCode.INVALID_VALUE, say("not this word")))


def _with_figures(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("room")
    if not desktop.room.controls.figures.isChecked():
        desktop.room.controls.figures.click()
    desktop.room.render_state(joined(say))


def _studio(tab: int, make: Callable[[Say], studio.StudioState]) -> Place:
    def bring(desktop: Desktop, say: Say) -> None:
        desktop.window.show_page("studio")
        desktop.studio._tabs.setCurrentIndex(tab)
        desktop.studio._render(make(say))

    return bring


def _chat_search(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("room")
    desktop.room.render_state(busy_chat(say))
    desktop.room.chat.list.search.open_bar()
    desktop.room.chat.list.search.input.setText("good")


def _chat_reply(desktop: Desktop, say: Say) -> None:
    """Answering somebody, with others blocked and danmaku hidden."""
    desktop.window.show_page("room")
    desktop.room.render_state(busy_chat(say))
    chat = desktop.room.chat.list
    chat.set_hidden_count(37)
    chat.block("nobody")
    chat.reply_wanted.emit("m000001", say("Bob"))


def _led(say: Say) -> room.RoomState:
    """A moderator's view, with an announcement and a pinned message."""
    said = events.Announcement(text=say("Next stream on Friday"), name=say("Ada"), at_unix_ms=1)
    return (
        joined(say, role="moderator")
        .apply(events.Announced(room_id=ROOM, announcement=said))
        .apply(events.MessagePinned(room_id=ROOM, message=message(say, 1)))
    )


def _chat_rules(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("room")
    desktop.room.render_state(_led(say))
    desktop.room.lead.rules.click()


def _page(key: str) -> Place:
    def bring(desktop: Desktop, _say: Say) -> None:
        desktop.window.set_admin(is_admin=True)
        desktop.window.show_page(key)

    return bring


def _me(make: Callable[[Say], HouseState]) -> Place:
    def bring(desktop: Desktop, say: Say) -> None:
        desktop.window.show_page("me")
        desktop.me.render_state(make(say))

    return bring


def _hosted(say: Say) -> HouseState:
    return HouseState(
        url="wss://127.0.0.1:7788",
        is_hosted=True,
        invite_link=INVITE,
        link="connected",
        user=user(say),
        home_room_id="r1",
    )


def _shortcuts(desktop: Desktop, _say: Say) -> QWidget:
    desktop.window._shortcuts.show()
    return desktop.window._shortcuts


def _question(desktop: Desktop, say: Say) -> QWidget:
    desktop.studio._render(on_air(say))
    desktop.window.close()
    question = desktop.window._question
    assert isinstance(question, Question)
    return question


class _Crashes:
    has_crashed = True

    def __init__(self, report: str) -> None:
        self.on_failure: Callable[[], None] = lambda: None
        self._report = report

    def read_pending(self) -> str:
        return self._report

    def forget_pending(self) -> None:
        self._report = ""


def _crash(desktop: Desktop, say: Say) -> QWidget:
    report = say("Livehouse crash report")
    offer = CrashOffer(desktop.window, _Crashes(report), report)
    offer.show()
    offer.show_button.click()
    return offer


def _danmaku_settings(desktop: Desktop, say: Say) -> QWidget:
    desktop.window.show_page("room")
    desktop.room.render_state(joined(say))
    desktop.room.controls.danmaku_settings.click()
    return desktop.room._settings


def _sources_menu(desktop: Desktop, say: Say) -> QWidget:
    from app.media.capture.devices import Device  # noqa: PLC0415 # loads capture

    desktop.window.show_page("studio")
    devices = Devices((Device("camera:0", say("Front & back camera")),), (), has_screen=True)
    before = _menus_of(desktop)
    desktop.studio._menus.show_sources(devices, desktop.window.pos())
    (menu,) = _menus_of(desktop) - before
    return menu


def _menus_of(desktop: Desktop) -> set[QMenu]:
    """Without the menus within menus."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    return set(desktop.studio.findChildren(QMenu, options=direct))


def _sounds_menu(desktop: Desktop, say: Say) -> QWidget:
    from app.media.capture.devices import Device  # noqa: PLC0415 # loads capture

    desktop.window.show_page("studio")
    devices = Devices((), (Device("mic:0", say("Headset")),), has_screen=False)
    before = _menus_of(desktop)
    desktop.studio._menus.show_sounds(devices, desktop.window.pos())
    (menu,) = _menus_of(desktop) - before
    return menu


def _toast(desktop: Desktop, say: Say) -> None:
    desktop.window.show_page("me")
    desktop.me._on_failed(RelayRefused(ErrorCode.INVALID_VALUE, say("not a name")))


PLACES: Final[dict[str, Place]] = {
    "first start": _first,
    "first start, joining": _joining,
    "first start, busy": _busy,
    "first start, failed": _failed,
    "discover, loading": _discover(lambda _say: discover.DiscoverState()),
    "discover, rooms": _discover(_listed),
    "discover, no rooms": _discover(
        lambda _say: discover.DiscoverState().apply(discover.Listed((), "", ""))
    ),
    "discover, no match": _discover(
        lambda say: discover.DiscoverState(search=say("x"), has_listed=True)
    ),
    "discover, failed": _discover(
        lambda say: discover.DiscoverState().apply(
            discover.ListFailed(RelayRefused(ErrorCode.INVALID_VALUE, say("no")))
        )
    ),
    "room, none": _room(lambda _say: room.RoomState()),
    "room, joining": _room(lambda _say: room.RoomState().apply(room.Opened(ROOM))),
    "room, live": _room(joined),
    "room, paused": _room(lambda say: joined(say).apply(room.PauseChosen(is_paused=True))),
    "room, guest": _room(lambda say: joined(say, role="guest")),
    "room, offline": _room(lambda say: joined(say, "")),
    "room, starting": _room(lambda say: joined(say).apply(room.Measured(room.Statistics()))),
    "room, away": _room(lambda say: joined(say, "away")),
    "room, ended": _room(lambda say: replace(joined(say, ""), end_reason="away_too_long")),
    "room, cut": _room(lambda say: joined(say).apply(room.LinkChanged("waiting", say("cut")))),
    "room, sound only": _room(
        lambda say: joined(say).apply(room.QualityChosen("auto", audio_only=True))
    ),
    "room, no sound device": _room(
        lambda say: joined(say).apply(room.SoundRouted("silent", words=say("none")))
    ),
    "room, not sent": _room(_send_refused),
    "room, figures": _with_figures,
    **{
        f"room, refused: {code}": _room(_refused(code))
        for code in (
            ErrorCode.NOT_FOUND,
            ErrorCode.PASSPHRASE_REQUIRED,
            ErrorCode.INVITE_REQUIRED,
            ErrorCode.ROOM_CLOSED,
            ErrorCode.INVALID_VALUE,
        )
    },
    "danmaku settings": _danmaku_settings,
    "studio, empty": _studio(0, lambda _say: studio.StudioState()),
    "studio, sources": _studio(0, scene),
    "studio, room": _studio(1, scene),
    "room, chat of all kinds": _room(busy_chat),
    "room, led chat": _room(_led),
    "room, chat rules": _chat_rules,
    "room, chat search": _chat_search,
    "room, chat reply": _chat_reply,
    "studio, chat": _studio(2, scene),
    "studio live, sources": _studio(0, on_air),
    "studio live, room": _studio(1, on_air),
    "studio, reconnecting": _studio(1, lambda say: on_air(say, "waiting")),
    "studio, ending": _studio(1, lambda say: on_air(say, "ending")),
    "studio, stopped": _studio(
        1, lambda say: replace(scene(say), failure=RelayRefused(ErrorCode.REPLACED, say("no")))
    ),
    "sources menu": _sources_menu,
    "sounds menu": _sounds_menu,
    "replays": _page("replays"),
    "admin": _page("admin"),
    "me, no relay": _me(lambda _say: HouseState()),
    "me, guest": _me(lambda _say: HouseState(url="wss://example.test:7788", link="connected")),
    "me, hosted": _me(_hosted),
    "me, reconnecting": _me(lambda say: replace(_hosted(say), link="waiting", words=say("cut"))),
    "toast": _toast,
    "shortcuts": _shortcuts,
    "question": _question,
    "crash report": _crash,
}
