"""The watch by itself: what it forgets, and what it does not count."""

import asyncio

import pytest

from server.clocks import Clocks
from server.detection.watch import Ties, Watch
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId, UserId

ROOM = RoomId("room")
SPAMMER = UserId("u")
NOW_MS = 1_700_000_000_000


class Behind:
    """Nobody is known, and nothing is done."""

    def __init__(self) -> None:
        self.asked = 0
        self.muted: list[UserId] = []

    async def made_at(self, _user_id: UserId) -> int:
        self.asked += 1
        return NOW_MS

    async def is_known(self, _room_id: RoomId, _user_id: UserId, _before: int) -> bool:
        return False

    async def find_ties(self, _room_id: RoomId, _user_id: UserId) -> Ties:
        return Ties()

    def raid_found(self, _room_id: RoomId, _raid: object) -> None:
        raise AssertionError("one person is no raid")

    def to_mute(self, _room_id: RoomId, user_id: UserId, _reasons: object) -> None:
        self.muted.append(user_id)


class Stage:
    def __init__(self) -> None:
        self.now_s = 100.0
        clocks = Clocks(mono_s=lambda: self.now_s, unix_us=lambda: NOW_MS * 1000)
        self.watch, self.behind = Watch(clocks=clocks), Behind()
        self.watch.answering = self.behind
        asyncio.run(self.watch.load(ROOM, SPAMMER))

    def spam(self, count: int, *, refused: int = 0) -> list[str]:
        """What becomes of each message; so many more are refused for their rate meanwhile."""
        found = []
        for _ in range(count):
            try:
                held = self.watch.judge(ROOM, SPAMMER, "buy my gold")
                found.append("held" if held is not None else "shown")
            except WireError as error:
                found.append(error.code.value)
            self.now_s += 0.3
        for _ in range(refused):
            self.watch.note_refused(ROOM, SPAMMER, ErrorCode.RATE_LIMITED)
        return found


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_spammer_when_going_on_then_shown_then_held_then_muted_once(stage: Stage) -> None:
    first = stage.spam(20, refused=3)
    assert first[:3] == ["shown"] * 3
    assert first[-1] == "held"
    assert stage.behind.muted == []
    assert stage.spam(5) == ["muted"] * 5
    assert stage.behind.muted == [SPAMMER]


def test_spammer_when_let_in_again_then_begins_anew(stage: Stage) -> None:
    stage.spam(20, refused=3)
    stage.spam(1)
    stage.watch.muted(SPAMMER)
    stage.now_s += 120
    assert stage.spam(1) == ["shown"]


def test_score_when_asked_for_then_says_why_and_fades(stage: Stage) -> None:
    stage.spam(8)
    points, reasons = stage.watch.score(SPAMMER)
    assert points >= 6
    assert {"repeats_itself", "young_account"} <= {one.name for one in reasons}
    stage.now_s += 1_200
    assert stage.watch.score(SPAMMER)[0] < 0.1


def test_refusals_by_the_rooms_rules_when_many_then_do_not_count(stage: Stage) -> None:
    for code in (ErrorCode.KNOWN_ONLY, ErrorCode.SLOW_MODE, ErrorCode.MUTED, ErrorCode.BUSY):
        for _ in range(20):
            stage.watch.note_refused(ROOM, SPAMMER, code)
    stage.spam(1)
    assert "refused" not in {one.name for one in stage.watch.score(SPAMMER)[1]}
    stage.watch.note_refused(ROOM, SPAMMER, ErrorCode.WORD_REFUSED)
    stage.watch.note_refused(ROOM, SPAMMER, ErrorCode.WORD_REFUSED)
    stage.spam(1)
    assert "refused" in {one.name for one in stage.watch.score(SPAMMER)[1]}


def test_person_when_loaded_already_then_nobody_is_asked_again(stage: Stage) -> None:
    asyncio.run(stage.watch.load(ROOM, SPAMMER))
    assert stage.behind.asked == 1


def test_erased_one_when_forgotten_then_nothing_is_left(stage: Stage) -> None:
    stage.spam(8)
    stage.watch.forget(SPAMMER)
    assert stage.watch.score(SPAMMER) == (0.0, ())
    assert stage.spam(1) == ["shown"]


def test_stranger_when_nothing_was_loaded_then_shown(stage: Stage) -> None:
    assert stage.watch.judge(ROOM, UserId("other"), "hello") is None
