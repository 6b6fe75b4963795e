"""Recordings in Discover: of which rooms, for whom, in which order, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.discovery.ranking import PASSED_OFTEN
from server.recording.offers import LENGTH_MS_MIN
from server.recording.tables import Replay
from tests.integration.store.streamers_halls import Halls, id_of, join
from tests.server_parts import PASSWORD, Parts, Socket
from wire import (
    account_commands,
    discovery_commands,
    event_base,
    events,
    order_commands,
    taste_commands,
    taste_events,
)
from wire.errors import ErrorCode, WireError
from wire.event_base import Reason
from wire.ids import ReplayId

if TYPE_CHECKING:
    from server.accounts.actor import Actor
    from wire.ids import RoomId, UserId

DAY_MS = 86_400_000


class Archive(Halls):
    """One public recording of each room; nobody is live."""

    async def fill(self, number: int) -> None:
        await self.record(number)

    async def record(self, number: int, *, age_days: float = 30, **fields: object) -> str:
        at_ms = int(self.parts.time.clocks.unix_ms() - age_days * DAY_MS)
        row: dict[str, object] = {
            "id": f"{at_ms:015d}{number:03d}{len(fields)}",
            "room_id": self.rooms[number],
            "broadcast_id": f"b{number}",
            "room_name": f"Hall {number}",
            "title": f"Evening {number}",
            "search": "",
            "started_at_unix_ms": at_ms,
            "base_pts_us": 0,
            "duration_ms": LENGTH_MS_MIN,
            "visibility": "public",
            "state": "ready",
            **fields,
        }
        await self.parts.store.write(lambda session: session.add(Replay(**row)))
        return str(row["id"])

    async def watch(self, user_id: UserId, number: int, seconds: float) -> None:
        """A broadcast that then ends."""
        room_id, service = self.rooms[number], self.parts.discovery.service
        self.parts.plane.live[room_id] = event_base.BroadcastInfo(
            broadcast_id=f"b{number}",  # type: ignore[arg-type] # a made one
            started_at_unix_us=self.parts.time.unix_us,
            state="live",
        )
        watch = await service.acts.begin_watching(user_id, room_id)
        assert watch is not None
        for _ in range(int(seconds / 5)):
            self.parts.time.pass_s(5)
            service.acts.watching.tick()
        service.acts.end_watching(watch)
        del self.parts.plane.live[room_id]


@pytest.fixture
async def archive(parts: Parts) -> Archive:
    archive = Archive(parts)
    await archive.open(4, categories=2)
    return archive


@pytest.fixture
async def ann(archive: Archive) -> Socket:
    return await join(archive, "Ann")


async def offered(socket: Socket, **fields: object) -> list[taste_events.RecommendedReplay]:
    answer = await socket.ask(taste_commands.RecommendReplays, **fields)
    assert isinstance(answer, taste_events.RecommendedReplays), answer
    return list(answer.replays)


async def rooms_of(socket: Socket, **fields: object) -> list[RoomId]:
    return [one.replay.room_id for one in await offered(socket, **fields)]


async def ids_of(socket: Socket) -> list[str]:
    return [one.replay.replay_id for one in await offered(socket)]


async def see(
    archive: Archive,
    socket: Socket,
    replay_id: str,
    *,
    key: str,
    is_clicked: bool = False,
    then_s: float = 3_600,
) -> None:
    """A card of the first room's recording, once, and then time goes by."""
    one = discovery_commands.Impression(
        key=key, room_id=archive.rooms[0], replay_id=ReplayId(replay_id), is_clicked=is_clicked
    )
    answer = await socket.ask(discovery_commands.RecordImpressions, impressions=(one,))
    assert isinstance(answer, events.Ok), answer
    await archive.parts.discovery.service.flush()
    archive.parts.time.pass_s(then_s)


async def test_replays_when_a_streamer_was_watched_then_theirs_come_first_and_say_so(
    archive: Archive, ann: Socket
) -> None:
    await archive.watch_often(id_of(ann), 2, times=6)
    first = (await offered(ann))[0]
    assert first.replay.room_id == archive.rooms[2]
    assert first.reason == Reason(kind="watched", count=6)
    assert first.replay.title == "Evening 2"


async def test_replays_when_nothing_is_known_then_no_reason_claims_a_taste(
    archive: Archive, ann: Socket
) -> None:
    fresh = await archive.record(3, age_days=1)
    for socket in (ann, Socket(archive.parts)):
        found = await offered(socket)
        assert {one.replay.room_id for one in found} == set(archive.rooms)
        told = {one.replay.replay_id: one.reason.kind for one in found}
        assert told[fresh] in {"recent", "new_streamer"}
        assert not {"taste", "popular", "rising", "friends"} & set(told.values())


async def test_replays_when_not_public_broken_short_or_growing_then_never_offered(
    archive: Archive, ann: Socket
) -> None:
    before = {one.replay.replay_id for one in await offered(ann)}
    await archive.record(0, age_days=1, visibility="private")
    await archive.record(0, age_days=2, visibility="unlisted")
    await archive.record(0, age_days=3, state="broken")
    await archive.record(0, age_days=4, state="recording")
    await archive.record(0, age_days=5, duration_ms=LENGTH_MS_MIN - 1)
    assert {one.replay.replay_id for one in await offered(ann)} == before


async def test_replays_when_the_room_is_closed_to_the_asker_then_not_offered(
    archive: Archive, ann: Socket
) -> None:
    parts = archive.parts
    await parts.rooms.change(archive.rooms[0], {"privacy": "invite"})
    await parts.rooms.change(archive.rooms[1], {"closed_reason": "noise"})
    assert await rooms_of(ann) in [archive.rooms[2:], archive.rooms[:1:-1]]
    owner = Socket(parts)
    await owner.ask(account_commands.Login, name="Streamer 2", password=PASSWORD)
    assert archive.rooms[2] not in await rooms_of(owner), "one's own"
    banned = await owner.ask(
        order_commands.ImposeSanction,
        room_id=archive.rooms[2],
        user_id=id_of(ann),
        kind="ban",
        reason="spam",
    )
    assert not isinstance(banned, events.Error), banned
    assert await rooms_of(ann) == [archive.rooms[3]]


async def test_replays_when_the_streamer_is_hidden_then_not_offered(
    archive: Archive, ann: Socket
) -> None:
    await ann.ask(discovery_commands.HideStreamer, user_id=archive.streamers[1])
    assert archive.rooms[1] not in await rooms_of(ann)


async def test_replays_when_one_category_is_asked_for_then_only_its_rooms(
    archive: Archive, ann: Socket
) -> None:
    assert set(await rooms_of(ann, category="c1")) == {archive.rooms[1], archive.rooms[3]}
    assert await rooms_of(ann, category="nowhere") == []


async def test_replays_when_a_room_has_many_then_the_two_newest_at_most(
    archive: Archive, ann: Socket
) -> None:
    for age in range(1, 6):
        await archive.record(0, age_days=age)
    found = [one.replay for one in await offered(ann) if one.replay.room_id == archive.rooms[0]]
    assert len(found) == 2
    ages = [archive.parts.time.clocks.unix_ms() - one.started_at_unix_ms for one in found]
    assert max(ages) <= 3 * DAY_MS


async def test_replays_when_the_asker_is_not_recorded_then_made_of_what_all_like(
    archive: Archive, ann: Socket
) -> None:
    await archive.watch_often(id_of(ann), 2, times=6)
    await archive.parts.privacy.service.set_recorded(id_of(ann), is_recorded=False)
    kinds = {one.reason.kind for one in await offered(ann)}
    assert not {"watched", "taste", "category"} & kinds


async def test_replays_when_one_was_shown_often_and_never_opened_then_it_sinks_for_that_user_alone(
    archive: Archive, ann: Socket
) -> None:
    newest = await archive.record(0, age_days=0)
    bob = await join(archive, "Bob")
    for number in range(PASSED_OFTEN + 3):
        assert (await ids_of(bob))[0] == newest, "asking is not seeing"
        await see(archive, ann, newest, key=f"k{number}")
    assert (await ids_of(ann))[0] != newest
    assert (await ids_of(ann))[-1] == newest
    assert (await ids_of(bob))[0] == newest
    rows = await archive.rows()
    assert {(row.kind, row.broadcast_id, row.room_id) for row in rows} == {
        ("replay_shown", newest, archive.rooms[0])
    }
    await see(archive, ann, newest, key="k", is_clicked=True)
    assert (await ids_of(ann))[0] == newest, "it was opened"


async def test_replays_when_seen_in_one_hour_or_just_now_then_the_list_stays(
    archive: Archive, ann: Socket
) -> None:
    newest = await archive.record(0, age_days=0)
    before = await ids_of(ann)
    for number in range(20):
        await see(archive, ann, newest, key=f"k{number}", then_s=0)
        assert await ids_of(ann) == before
    archive.parts.time.pass_s(3_600)
    user_id, ids = id_of(ann), [newest]
    assert await archive.parts.discovery.service._passed_over.count(user_id, ids) == {newest: 1}
    archive.parts.time.pass_s(31 * DAY_MS / 1_000)
    assert await archive.parts.discovery.service._passed_over.count(user_id, ids) == {}


async def test_replays_when_the_user_is_not_recorded_or_all_is_forgotten_then_nothing_sinks(
    archive: Archive, ann: Socket
) -> None:
    newest = await archive.record(0, age_days=0)
    bob = await join(archive, "Bob")
    await archive.parts.privacy.service.set_recorded(id_of(bob), is_recorded=False)
    for number in range(PASSED_OFTEN + 3):
        await see(archive, ann, newest, key=f"k{number}")
        await see(archive, bob, newest, key=f"k{number}")
    assert {row.user_id for row in await archive.rows()} == {id_of(ann)}
    assert (await ids_of(bob))[0] == newest
    assert isinstance(await ann.ask(discovery_commands.ResetBelief), events.Ok)
    assert await archive.rows() == []
    assert (await ids_of(ann))[0] == newest


async def test_offered_when_the_database_does_not_answer_then_said_and_not_an_empty_list(
    parts: Parts, archive: Archive, ann: Socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(_actor: Actor, _replay_id: str) -> None:
        raise WireError(ErrorCode.BUSY, "the relay's database is busy")

    assert len(archive.rooms) == len(await offered(ann))
    monkeypatch.setattr(parts.services.replays, "describe_public", busy)
    answer = await ann.ask(taste_commands.RecommendReplays)
    assert isinstance(answer, events.Error), answer
    assert answer.code is ErrorCode.BUSY
