"""Recordings for Discover: when they are asked for, and when what is shown goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.errors import LivehouseError, RelayUnreachable
from app.live import replay_covers
from app.live.replay_offers import Offers, ReplayOffers
from app.state.discover import DiscoverState, Listed
from tests.unit.app.live.replay_parts import a_replay
from tests.unit.app.state.test_discover import room
from wire.event_base import Reason
from wire.replay_commands import OpenReplay
from wire.replay_events import ReplayOpened
from wire.taste_commands import RecommendReplays
from wire.taste_events import RecommendedReplay, RecommendedReplays

if TYPE_CHECKING:
    from wire import command_base

OFFER = RecommendedReplay(replay=a_replay(), reason=Reason(kind="recent"))


class FakeRelay:
    def __init__(self) -> None:
        self.url = "wss://one"
        self.asked: list[str] = []
        self.covers = 0
        self.failure: LivehouseError | None = None

    async def request(self, command: command_base.Command, answer: type[Any]) -> Any:
        if self.failure is not None:
            raise self.failure
        if isinstance(command, OpenReplay):
            self.covers += 1
            return ReplayOpened(re=1, replay=a_replay(), path="/", ticket="t")
        assert isinstance(command, RecommendReplays)
        assert answer is RecommendedReplays
        self.asked.append(command.category)
        return RecommendedReplays(re=1, replays=(OFFER,))

    def relay_settings(self) -> tuple[str, str | None]:
        return self.url, None


class Desk:
    def __init__(self, relay: FakeRelay) -> None:
        self.shown: Offers = ()
        self.pictures: list[tuple[str, bytes]] = []
        self.offers = ReplayOffers(
            relay,
            on_offers=self._show,
            on_cover=lambda replay_id, jpeg: self.pictures.append((replay_id, jpeg)),
        )

    def _show(self, offers: Offers) -> None:
        self.shown = offers

    async def look(self, live: int, *, user_id: str = "ann", **fields: Any) -> None:
        rooms = tuple(room(f"r{one}", state="live") for one in range(live))
        state = DiscoverState(**fields)
        await self.offers.look(state.apply(Listed(rooms, state.search, state.category)), user_id)


@pytest.fixture
def relay() -> FakeRelay:
    return FakeRelay()


@pytest.fixture
def desk(relay: FakeRelay, monkeypatch: pytest.MonkeyPatch) -> Desk:
    async def fetch(*_of: object, **_more: object) -> bytes:
        return b"jpeg"

    monkeypatch.setattr(replay_covers, "fetch_picture", fetch)
    return Desk(relay)


async def test_offers_when_little_is_live_then_asked_for_once_with_their_covers(
    relay: FakeRelay, desk: Desk
) -> None:
    for live in (0, 3):
        await desk.look(live)
    assert relay.asked == [""]
    assert desk.shown == (OFFER,)
    assert desk.pictures == [("replay-1", b"jpeg")]


@pytest.mark.parametrize(("live", "fields"), [(4, {}), (0, {"search": "song"})])
async def test_offers_when_enough_is_live_or_something_is_searched_then_gone(
    relay: FakeRelay, desk: Desk, live: int, fields: dict[str, str]
) -> None:
    await desk.look(0)
    await desk.look(live, **fields)
    assert desk.shown == ()
    await desk.look(0)
    assert desk.shown == (OFFER,)
    assert (relay.covers, len(desk.pictures)) == (1, 2), "the cover was kept"


async def test_offers_when_category_or_user_changes_then_asked_anew(
    relay: FakeRelay, desk: Desk
) -> None:
    await desk.look(0)
    await desk.look(0, category="Music")
    await desk.look(0, category="Music", user_id="bob")
    assert relay.asked == ["", "Music", "Music"]


async def test_offers_when_the_relay_fails_then_what_fits_stays_and_what_does_not_goes(
    relay: FakeRelay, desk: Desk
) -> None:
    await desk.look(0)
    relay.failure = RelayUnreachable("cut")
    await desk.look(0)
    assert desk.shown == (OFFER,)
    await desk.look(0, category="Music")
    assert desk.shown == ()


async def test_offers_when_another_relay_is_entered_then_those_of_the_old_one_go(
    relay: FakeRelay, desk: Desk
) -> None:
    await desk.look(0)
    relay.url, relay.failure = "wss://two", RelayUnreachable("not yet")
    await desk.look(0)
    assert desk.shown == ()
