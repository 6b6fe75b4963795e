"""Every place of the Replays page, for the walk through the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.errors import RelayUnreachable
from app.media.replay.replay_status import ReplayStatus
from app.state.house import HouseState
from app.state.replays import Listed, ListFailed, ReplaysState
from wire.event_base import DanmakuPosted, UserInfo
from wire.events import TimelineEntry, TimelinePage
from wire.ids import MessageId, ReplayId, RoomId, UserId
from wire.replay_events import Chapter, ReplayInfo, ReplayState, ReplayVisibility

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.desktop import Desktop

Say = Callable[[str], str]
NEW_YEAR_UNIX_MS: Final = 1_767_225_600_000
WHO: Final[tuple[ReplayVisibility, ...]] = ("private", "unlisted", "public")


def recording(
    say: Say, number: int = 0, *, state: ReplayState = "ready", can_manage: bool = True
) -> ReplayInfo:
    return ReplayInfo(
        replay_id=ReplayId(f"v{number}"),
        room_id=RoomId("r1"),
        room_title=say("stage"),
        title=say("Evening music"),
        streamer=UserInfo(user_id=UserId("u1"), name=say("Ann")),
        started_at_unix_ms=NEW_YEAR_UNIX_MS - number * 86_400_000,
        duration_ms=3_725_000,
        size_bytes=1_900_000_000,
        width=1280,
        height=720,
        visibility=WHO[number % 3],
        kept=number % 2 == 0,
        state=state,
        danmaku=12_345,
        density=(1, 4, 9, 2, 0, 3),
        density_step_ms=620_000,
        chapters=(
            Chapter(at_ms=0, title=say("Welcome"), source="title"),
            Chapter(at_ms=1_500_000, source="peak"),
        ),
        can_manage=can_manage,
    )


def said(say: Say, at_ms: int) -> TimelineEntry:
    return TimelineEntry(
        at_ms=at_ms,
        event=DanmakuPosted(
            room_id=RoomId("r1"),
            message_id=MessageId(f"m{at_ms:08}"),
            user_id=UserId("u2"),
            name=say("Bob"),
            role="viewer",
            text=say("Good evening"),
            sent_at_unix_ms=at_ms,
        ),
    )


def listed(say: Say) -> ReplaysState:
    replays = (
        recording(say, 0),
        recording(say, 1, can_manage=False),
        recording(say, 2, state="recording"),
        recording(say, 3, state="broken"),
    )
    return ReplaysState().apply(Listed(replays, "more", ""))


def _list(make: Callable[[Say], ReplaysState]) -> Callable[[Desktop, Say], QWidget | None]:
    def show(desktop: Desktop, say: Say) -> None:
        desktop._house.state = HouseState(url="wss://example.test:7788", link="connected")
        desktop.window.show_page("replays")
        desktop.replays.render_state(make(say))

    return show


def open_player(
    desktop: Desktop,
    say: Say,
    status: ReplayStatus | None = None,
    *,
    can_manage: bool = True,
    state: ReplayState = "ready",
) -> None:
    """As if it were open; nothing plays."""
    desktop.window.show_page("replays")
    page = desktop.replays
    page._stack.setCurrentWidget(page.view)
    desk = page.view.desk
    desk.replay = recording(say, can_manage=can_manage, state=state)
    desk.status = status or ReplayStatus("playing", duration_us=3_725_000_000)
    desk.timeline.want(0, 0.0)
    lines = tuple(said(say, n * 900) for n in range(12))
    desk.timeline.add(TimelinePage(re=1, entries=lines, likes=12_345, gift_coins=52_000))
    desk._start_ms = 9_000
    desk.opened.emit()
    page.view._show_status()
    desk.jumped.emit()
    desk.ticked.emit()


def _player(
    status: ReplayStatus | None = None, *, can_manage: bool = True, state: ReplayState = "ready"
) -> Callable[[Desktop, Say], QWidget | None]:
    def show(desktop: Desktop, say: Say) -> None:
        open_player(desktop, say, status, can_manage=can_manage, state=state)

    return show


def _refused(desktop: Desktop, say: Say) -> None:
    open_player(desktop, say)
    desktop.replays.view.desk.failed.emit(RelayUnreachable(say("cut")))


def _chapters(desktop: Desktop, say: Say) -> QWidget:
    open_player(desktop, say)
    desktop.replays.view.chapters_wanted.emit()
    return desktop.replays.chapters


def _no_chapters(desktop: Desktop, say: Say) -> QWidget:
    open_player(desktop, say, can_manage=False)
    desktop.replays.chapters.show_replay(_bare(say))
    view = desktop.replays.view
    desktop.replays.chapters.pop_up_above(view.controls.chapters, over=view.bar)
    return desktop.replays.chapters


def _bare(say: Say) -> ReplayInfo:
    return ReplayInfo(
        replay_id=ReplayId("v0"),
        room_id=RoomId("r1"),
        room_title=say("stage"),
        title="",
        streamer=UserInfo(user_id=UserId("u1"), name=say("Ann")),
        started_at_unix_ms=NEW_YEAR_UNIX_MS,
    )


def _rename(desktop: Desktop, say: Say) -> QWidget:
    open_player(desktop, say)
    return desktop.replays.keep.ask_name(recording(say))


def _delete(desktop: Desktop, say: Say) -> QWidget:
    open_player(desktop, say)
    return desktop.replays.keep.ask_to_delete(recording(say))


def _menu(desktop: Desktop, say: Say) -> QWidget:
    open_player(desktop, say)
    desktop.replays.view.more_wanted.emit()
    return desktop.replays.keep.menu


REPLAY_PLACES: Final[dict[str, Callable[[Desktop, Say], QWidget | None]]] = {
    "list": _list(listed),
    "none yet": _list(lambda _say: ReplaysState().apply(Listed((), "", ""))),
    "no match": _list(lambda _say: ReplaysState(search="x").apply(Listed((), "", "x"))),
    "failed": _list(lambda say: ReplaysState().apply(ListFailed(RelayUnreachable(say("cut"))))),
    "player": _player(),
    "player of a guest": _player(can_manage=False),
    "player, paused": _player(ReplayStatus("playing", is_paused=True, duration_us=3_725_000_000)),
    "player, waiting": _player(ReplayStatus("waiting"), state="recording"),
    "player, refused": _refused,
    "chapters": _chapters,
    "chapters, none": _no_chapters,
    "menu": _menu,
    "rename dialog": _rename,
    "delete question": _delete,
}
