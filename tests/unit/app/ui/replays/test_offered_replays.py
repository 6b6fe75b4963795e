"""Recordings in Discover under the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.state.seen_cards import ShownCard
from app.ui.discover.reason_words import describe_recorded
from app.ui.replays.replays_page import ReplaysPage
from tests.unit.app.ui.recommended_states import KINDS, Sender
from tests.unit.app.ui.replays.replay_states import recording
from wire.event_base import Reason
from wire.taste_events import RecommendedReplay

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from app.ui.desktop import Desktop


def say(words: str) -> str:
    return words


def offer(number: int, kind: str = "watched") -> RecommendedReplay:
    return RecommendedReplay(
        replay=recording(say, number),
        reason=Reason(kind=kind, count=3),  # type: ignore[arg-type] # of a kind that there is
    )


def test_offer_when_chosen_then_plays_on_the_page_of_replays(
    still_desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        ReplaysPage, "open_replay", lambda _page, replay_id: opened.append(replay_id)
    )
    still_desktop.window.show_page("discover")
    still_desktop.offers.show_offers((offer(0), offer(1)))
    QTest.keyClick(still_desktop.offers.grid.cards[1], Qt.Key.Key_Return)
    assert opened == ["v1"]
    assert still_desktop.replays.isVisible()


def test_offer_when_shown_then_says_that_it_is_a_replay_and_why(still_desktop: Desktop) -> None:
    still_desktop.window.show_page("discover")
    still_desktop.offers.show_offers((offer(0),))
    card = still_desktop.offers.grid.cards[0]
    assert card.accessibleName().startswith("Replay: ")
    assert card.lines()[2] == card.accessibleDescription()
    assert card.lines()[2] == "You watched the host 3 times this month"
    assert not card.more.isVisible()
    still_desktop.offers.show_offers(())
    assert not still_desktop.offers.isVisible()


def test_offers_when_on_the_screen_or_chosen_then_told_as_recommended_rooms_are(
    still_desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReplaysPage, "open_replay", lambda *_what: None)
    sender = Sender()
    discover = still_desktop.discover
    discover.recommended.impressions = sender  # type: ignore[assignment] # as much as is used
    still_desktop.window.show_page("discover")
    still_desktop.offers.show_offers((offer(0), offer(1, "recent")))
    wanted = tuple(
        ShownCard(replay.room_id, place, kind, replay.replay_id)  # type: ignore[arg-type] # of a kind that there is
        for place, (replay, kind) in enumerate(
            ((recording(say, 0), "watched"), (recording(say, 1), "recent"))
        )
    )

    def is_told() -> bool:
        discover.recommended.look()
        return bool(sender.seen) and sender.seen[-1] == wanted

    qtbot.waitUntil(is_told, timeout=30_000)
    QTest.mouseClick(still_desktop.offers.grid.cards[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(sender.clicked), timeout=30_000)
    assert sender.clicked == [wanted[1]]


def test_words_when_of_a_recording_then_never_claim_that_it_is_live() -> None:
    told = [describe_recorded(Reason(kind=kind, names=("A",))) for kind in KINDS]
    assert all(told)
    assert "Live right now" not in told
