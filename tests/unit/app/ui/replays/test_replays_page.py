"""The page with a relay that is only its answers, and a recording that really plays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.errors import RelayRefused
from app.live.house import House
from tests.support.recordings import TICKET, RangeServer, serving, write_recording
from tests.unit.app.ui.replays.replay_states import said
from wire import event_base, events, replay_commands, replay_events
from wire.errors import ErrorCode
from wire.ids import ReplayId, RoomId, UserId
from wire.replay_events import Chapter, ReplayInfo

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.desktop import Desktop


def same(words: str) -> str:
    return words


BOUND_MS = 30_000
SECONDS = 40
SAID = tuple(said(same, at_ms) for at_ms in range(500, SECONDS * 1000, 500))


class Relay:
    """Answers as a relay with two recordings, and keeps what was asked."""

    def __init__(self, server: RangeServer) -> None:
        self.server = server
        self.asked: list[Any] = []
        self.refuses = False
        self.replays = [self._make(1), self._make(2)]

    @staticmethod
    def _make(number: int) -> ReplayInfo:
        return ReplayInfo(
            replay_id=ReplayId(f"v{number}"),
            room_id=RoomId("r1"),
            room_title="stage",
            title=f"Evening {number}",
            streamer=event_base.UserInfo(user_id=UserId("u1"), name="Ann"),
            started_at_unix_ms=0,
            duration_ms=SECONDS * 1000,
            density=(1, 2),
            density_step_ms=20_000,
            chapters=(Chapter(at_ms=20_000, title="Second half"),),
            can_manage=True,
        )

    async def answer(self, command: object) -> object:
        self.asked.append(command)
        match command:
            case replay_commands.ListReplays():
                found = tuple(one for one in self.replays if command.query in one.title)
                return replay_events.ReplayList(re=1, replays=found)
            case replay_commands.OpenReplay() if not self.refuses:
                found_one = self._find(command.replay_id)
                return replay_events.ReplayOpened(
                    re=1, replay=found_one, path="/v1/replays/v1.mp4", ticket=TICKET
                )
            case replay_commands.ReadTimeline():
                start = int(command.after or 0)
                if not command.after:
                    start = sum(one.at_ms < command.from_ms for one in SAID)
                page, rest = SAID[start : start + 20], len(SAID) - start - 20
                following = str(start + 20) if rest > 0 else ""
                return events.TimelinePage(re=1, entries=page, next=following)
            case replay_commands.EditReplay():
                changes = {
                    name: value
                    for name in ("title", "visibility", "kept", "chapters")
                    if (value := getattr(command, name)) is not None
                }
                changed = msgspec.structs.replace(self._find(command.replay_id), **changes)
                self.replays = [
                    changed if one.replay_id == changed.replay_id else one for one in self.replays
                ]
                return replay_events.ReplayDetails(re=1, replay=changed)
            case replay_commands.DeleteReplay():
                self.replays = [one for one in self.replays if one.replay_id != command.replay_id]
                return events.Ok(re=1)
            case _:
                raise RelayRefused(ErrorCode.NOT_FOUND, "no such thing")

    def _find(self, replay_id: str) -> ReplayInfo:
        return next(one for one in self.replays if one.replay_id == replay_id)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("recording") / "a.mp4"
    return write_recording(path, seconds=SECONDS).read_bytes()


@pytest.fixture
def relay(recording: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    with serving(recording) as server:
        made = Relay(server)

        async def request(_house: House, command: object, _answer: object) -> object:
            return await made.answer(command)

        monkeypatch.setattr(House, "request", request)
        monkeypatch.setattr(House, "relay_settings", lambda _house: (server.url, None))
        yield made


@pytest.fixture
def page(relay: Relay, desktop: Desktop, qtbot: QtBot) -> Desktop:
    assert relay.replays
    desktop.window.show_page("replays")
    qtbot.waitUntil(lambda: len(desktop.replays._state.replays) == 2, timeout=BOUND_MS)
    return desktop


@pytest.fixture
def player(page: Desktop, wait: Callable[[Callable[[], bool]], None]) -> Desktop:
    view = page.replays.view
    page.replays.open_replay("v1")
    wait(lambda: view.stage.has_picture)
    return page


@pytest.fixture
def wait(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    return lambda holds: qtbot.waitUntil(holds, timeout=BOUND_MS)


Wait = Callable[[Callable[[], bool]], None]


def asked(relay: Relay, kind: type) -> list[Any]:
    return [one for one in relay.asked if isinstance(one, kind)]


def test_search_when_words_are_typed_then_only_what_fits_is_listed(
    page: Desktop, wait: Wait
) -> None:
    page.replays._search.setText("Evening 2")
    wait(lambda: [one.replay_id for one in page.replays._state.replays] == ["v2"])
    page.replays._search.setText("nothing of it")
    wait(lambda: page.replays._state.emptiness == "no_match")


def test_open_when_a_card_is_chosen_then_it_plays_with_what_was_said(
    page: Desktop, wait: Wait
) -> None:
    QTest.mouseClick(page.replays.grid.cards[0], Qt.MouseButton.LeftButton)
    view = page.replays.view
    wait(lambda: view.stage.has_picture and bool(view.stage.danmaku.flights))
    wait(lambda: view.chat.model.rowCount() > 0)
    assert view.desk.duration_ms == pytest.approx(SECONDS * 1000, abs=100)


def test_seek_when_it_goes_to_a_moment_then_danmaku_and_chat_are_of_that_moment(
    player: Desktop, wait: Wait
) -> None:
    view = player.replays.view
    view.desk.pause(is_paused=True)
    wait(lambda: view.desk.status.is_paused)
    view.desk.seek(30_000)
    wait(lambda: view.desk.timeline.covered_ms >= 30_000)
    wait(lambda: len(view.stage.danmaku.flights) > 0)
    starts = {flight.text.key for flight in view.stage.danmaku.flights}
    recent = {f"m{at_ms:08}" for at_ms in range(22_000, 30_001, 500)}
    assert starts <= recent
    wait(lambda: bool(view.chat._messages) and view.chat._messages[-1].sent_at_unix_ms == 30_000)
    view.desk.seek(5_000)
    wait(lambda: bool(view.chat._messages) and view.chat._messages[-1].sent_at_unix_ms == 5_000)


def test_seek_when_the_same_moment_is_sought_twice_then_the_lanes_are_the_same(
    player: Desktop, wait: Wait
) -> None:
    view = player.replays.view
    view.desk.pause(is_paused=True)
    found = []
    for at_ms in (20_000, 3_000, 20_000):
        view.desk.seek(at_ms)
        wait(lambda at_ms=at_ms: view.desk.timeline.covered_ms >= at_ms)  # type: ignore[misc] # a default binds it now
        view.stage.danmaku.jump()  # type: ignore[attr-defined] # of a recording
        found.append([(one.text.key, one.lane) for one in view.stage.danmaku.flights])
    assert found[0] == found[2]
    assert found[0] != found[1]


def test_keys_when_they_are_pressed_then_they_do_what_they_say(player: Desktop, wait: Wait) -> None:
    view = player.replays.view
    view.stage.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Space)
    wait(lambda: view.desk.status.is_paused)
    view.desk.seek(10_000)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.desk.position_ms() == 15_000
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.desk.position_ms() == 10_000
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.desk.position_ms() == 20_000
    QTest.keyClick(view, Qt.Key.Key_D)
    assert not view.stage.danmaku.settings.is_on
    QTest.keyClick(view, Qt.Key.Key_M)
    assert view.controls.mute.isChecked()
    QTest.keyClick(view, Qt.Key.Key_Greater)
    assert view.desk._speed == 1.25
    QTest.keyClick(view, Qt.Key.Key_F)
    assert view._detached is not None
    QTest.keyClick(view._detached, Qt.Key.Key_F)
    assert view._detached is None
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.desk.is_open


def test_bar_when_it_is_clicked_then_the_recording_goes_there(player: Desktop, wait: Wait) -> None:
    view = player.replays.view
    view.desk.pause(is_paused=True)
    wait(lambda: view.bar.maximum() > 39_000)
    QTest.mouseClick(view.bar, Qt.MouseButton.LeftButton, pos=QPoint(view.bar.width() // 2, 30))
    assert view.desk.position_ms() == pytest.approx(SECONDS * 500, abs=1_000)


def test_bar_when_the_pointer_is_over_it_then_a_picture_of_that_moment_shows(
    player: Desktop, wait: Wait
) -> None:
    view = player.replays.view
    view.bar.hovered.emit(25_000, 200)
    wait(lambda: not view.preview._picture.pixmap().isNull())
    assert view.preview._time.text() == "0:25"
    assert view.preview._chapter.text() == "Second half"
    for x in (0, view.bar.width()):
        view.bar.hovered.emit(25_000, x)
        left = view.preview.mapToGlobal(QPoint(0, 0)).x() - view.bar.mapToGlobal(QPoint(0, 0)).x()
        assert 0 <= left <= view.bar.width() - view.preview.width()
    view.bar.hovered.emit(-1, -1)
    assert not view.preview.isVisible()


def test_open_when_it_was_left_in_the_middle_then_it_goes_on_there(
    player: Desktop, wait: Wait
) -> None:
    view = player.replays.view
    view.desk.pause(is_paused=True)
    view.desk.seek(15_000)
    player.replays.close_replay()
    assert not view.desk.is_open
    player.replays.open_replay("v1")
    wait(lambda: view.desk.is_open and view.stage.has_picture)
    assert view.desk.position_ms() >= 15_000
    player.replays.open_replay("v2")
    wait(lambda: view.desk.is_open)
    assert view.desk.position_ms() < 15_000


def test_edit_when_a_chapter_is_made_then_the_bar_has_it(
    relay: Relay, player: Desktop, wait: Wait
) -> None:
    page = player.replays
    page.chapters.edit_wanted.emit(
        replay_commands.EditReplay(
            id=0, replay_id=ReplayId("v1"), chapters=(Chapter(at_ms=7_000, title="New"),)
        )
    )
    wait(lambda: [one.at_ms for one in page.view.bar._chapters] == [7_000])
    assert asked(relay, replay_commands.EditReplay)


def test_delete_when_the_question_is_answered_then_it_is_gone_from_page_and_list(
    relay: Relay, player: Desktop, wait: Wait
) -> None:
    page = player.replays
    question = page.keep.ask_to_delete(page._state.replays[0])
    assert not asked(relay, replay_commands.DeleteReplay)
    question.accept()
    wait(lambda: [one.replay_id for one in page._state.replays] == ["v2"])
    assert not page.view.desk.is_open


def test_open_when_the_relay_refuses_then_the_stage_says_why(
    relay: Relay, page: Desktop, wait: Wait
) -> None:
    relay.refuses = True
    page.replays.open_replay("v1")
    wait(lambda: "does not open" in page.replays.view.stage._words.title)


def test_hide_when_another_page_comes_to_the_front_then_it_is_paused(
    player: Desktop, wait: Wait
) -> None:
    player.window.show_page("me")
    wait(lambda: player.replays.view.desk.status.is_paused)


def test_open_when_another_is_opened_at_once_then_only_the_last_one_plays(
    page: Desktop, wait: Wait
) -> None:
    for number in range(6):
        page.replays.open_replay(f"v{number % 2 + 1}")
    wait(lambda: page.replays.view.desk.is_open)
    replay = page.replays.view.desk.replay
    assert replay is not None
    assert replay.replay_id == "v2"


def test_play_when_the_relay_refuses_the_file_for_a_while_then_it_goes_on_where_it_was(
    relay: Relay, page: Desktop, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.replays.replay_desk.REOPEN_MS", 10)
    monkeypatch.setattr("app.ui.replays.replay_desk.REOPENS_MAX", 10_000)
    monkeypatch.setattr("app.media.replay.replay_player.RETRY_S", 0.01)
    view = page.replays.view
    relay.server.refuses = True
    page.replays.open_replay("v1", start_ms=20_000)
    wait(lambda: len(asked(relay, replay_commands.OpenReplay)) > 2)  # each starts processes
    relay.server.refuses = False
    wait(lambda: view.desk.is_open and view.desk.status.phase == "playing")
    assert view.desk.position_ms() >= 20_000


def test_chapters_when_shown_then_the_bar_stays_to_be_seen(player: Desktop, wait: Wait) -> None:
    view, popup = player.replays.view, player.replays.chapters
    view.chapters_wanted.emit()
    wait(popup.isVisible)
    bottom = popup.mapToGlobal(QPoint(0, popup.height())).y()
    assert bottom <= view.bar.mapToGlobal(QPoint(0, 0)).y()
    popup.hide()
