"""The demo's rooms: enough, different, and within what a relay takes."""

from __future__ import annotations

import pytest

from app.media.capture.sources import SourceKind, parse_source
from app.settings import DEMO_FILES_MAX
from app.state.demo_programme import make_programme
from wire import limits


@pytest.mark.parametrize("files", range(DEMO_FILES_MAX + 1))
def test_programme_when_made_then_no_room_streamer_or_picture_comes_twice(files: int) -> None:
    rooms = make_programme([f"/films/{number}.mp4" for number in range(files)])
    assert len(rooms) == max(5, files)
    for value in ("name", "owner", "title", "source"):
        assert len({getattr(room, value) for room in rooms}) == len(rooms)


def test_programme_when_files_are_given_then_they_come_first_and_lend_their_names() -> None:
    rooms = make_programme(["/films/a:summer_2019.mp4"])
    assert rooms[0].title == "a:summer 2019"
    spec = parse_source(rooms[0].source)
    assert (spec.kind, spec.address) == (SourceKind.FILE, "/films/a:summer_2019.mp4")
    assert [parse_source(room.source).kind for room in rooms[1:]] == [SourceKind.TEST_CARD] * 4


def test_programme_when_read_then_the_relay_takes_its_texts() -> None:
    for room in make_programme(["/films/" + "long" * 60 + ".mp4"]):
        assert len(room.name) <= limits.ROOM_NAME_CHARACTERS_MAX
        assert 0 < len(room.title) <= limits.ROOM_TITLE_CHARACTERS_MAX
        assert len(room.category) <= limits.ROOM_CATEGORY_CHARACTERS_MAX
        assert len(room.description) <= limits.ROOM_DESCRIPTION_CHARACTERS_MAX
        assert room.rounds
        for one in room.rounds:
            assert 0 < len(one.question) <= limits.POLL_QUESTION_CHARACTERS_MAX
            assert 2 <= len(one.choices) <= limits.POLL_CHOICES_MAX
            assert all(len(words) <= limits.POLL_CHOICE_CHARACTERS_MAX for words in one.choices)
            assert 0 < len(one.prize) <= limits.DRAW_PRIZE_CHARACTERS_MAX
            assert 1 <= one.winners <= limits.DRAW_WINNERS_MAX
