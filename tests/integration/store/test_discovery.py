"""Discovery on real services and both databases: what is kept, what is shown, what is forgotten."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING

import pytest
from sqlmodel import func, select

from server.discovery import queries
from server.discovery.behaviour import Behaviour
from server.discovery.jobs import gather, learn
from server.discovery.memory import Memory
from server.discovery.tables import BehaviourRow, RecommenderModel
from server.discovery.trainer import Trainer
from server.store.offline import look
from tests.integration.store.streamers_halls import House, id_of, join, open_house, recommended
from tests.server_parts import PASSWORD, Parts, Socket
from wire import (
    account_commands,
    chat_commands,
    coin_commands,
    coin_events,
    command_base,
    discovery_commands,
    discovery_events,
    event_base,
    events,
    order_commands,
    privacy_commands,
    room_commands,
    room_events,
)
from wire.discovery_commands import Impression
from wire.errors import ErrorCode
from wire.ids import RoomId, UserId

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from server.store.store import Store

DAY_MS = 86_400_000


@pytest.fixture
async def house(parts: Parts) -> House:
    return await open_house(parts)


@pytest.fixture
async def ann(house: House) -> Socket:
    return await join(house, "Ann")


async def test_watching_when_it_ends_then_the_seconds_of_the_live_picture_are_kept(
    house: House, ann: Socket
) -> None:
    await house.watch(id_of(ann), 0, 90)
    del house.parts.plane.live[house.rooms[0]]
    await house.watch(id_of(ann), 0, 60)
    rows = await house.rows()
    assert {row.kind for row in rows} == {"entered", "watched"}
    assert sum(row.amount for row in rows if row.kind == "watched") == 90
    assert {row.streamer_id for row in rows} == {house.streamers[0]}
    assert {row.category for row in rows} == {"c0"}


async def test_acts_when_done_in_a_room_then_kept_without_their_words(
    house: House, ann: Socket
) -> None:
    room_id = house.rooms[1]
    await ann.ask(room_commands.JoinRoom, room_id=room_id)
    await ann.ask(coin_commands.ClaimGrant)
    for _ in range(2):
        await ann.ask(chat_commands.SendLikes, room_id=room_id, count=5)
    await ann.ask(chat_commands.SendDanmaku, room_id=room_id, text="canary words")
    gift = await ann.ask(
        coin_commands.SendGift, room_id=room_id, gift_id="flower", count=2, idempotency_key="k"
    )
    assert isinstance(gift, coin_events.GiftAccepted), gift
    await ann.ask(account_commands.FollowUser, user_id=house.streamers[1], is_following=True)
    await ann.ask(discovery_commands.RecordShare, room_id=room_id, key="s")
    rows = await house.rows()
    by_kind = {row.kind: row for row in rows}
    assert set(by_kind) == {"liked", "said", "gave", "followed", "shared"}
    assert by_kind["liked"].amount == 10, "one row for all of a batch"
    assert by_kind["said"].amount == 1
    assert by_kind["gave"].amount > 0
    assert "canary" not in repr(rows)


async def test_impressions_when_sent_again_then_kept_once(house: House, ann: Socket) -> None:
    impressions = tuple(
        Impression(key=f"k{at}", room_id=room_id, position=at, reason="popular")
        for at, room_id in enumerate(house.rooms)
    )
    clicked = Impression(key="k0", room_id=house.rooms[0], is_clicked=True)
    for _ in range(2):
        answer = await ann.ask(
            discovery_commands.RecordImpressions, impressions=(*impressions, clicked)
        )
        assert isinstance(answer, events.Ok)
        await house.parts.discovery.service.flush()
    rows = await house.rows()
    assert [row.kind for row in rows].count("shown") == 6
    assert [row.kind for row in rows].count("clicked") == 1
    assert sorted(row.position for row in rows if row.kind == "shown") == list(range(6))


async def test_acts_when_no_database_takes_the_key_then_refused_and_the_others_are_kept(
    house: House, ann: Socket
) -> None:
    room_id, key = house.rooms[1], "k\0"
    shown = (Impression(key=key, room_id=room_id),)
    for refused in (
        await ann.ask(discovery_commands.RecordImpressions, impressions=shown),
        await ann.ask(discovery_commands.RecordShare, room_id=room_id, key=key),
    ):
        assert isinstance(refused, events.Error), refused
        assert refused.code is ErrorCode.INVALID_VALUE
    await ann.ask(discovery_commands.RecordShare, room_id=room_id, key="s")
    assert [row.kind for row in await house.rows()] == ["shared"]


async def test_acts_when_the_user_does_not_want_it_then_nothing_is_kept(
    house: House, ann: Socket
) -> None:
    await ann.ask(privacy_commands.SetRecording, is_recorded=False)
    room_id = house.rooms[1]
    await ann.ask(room_commands.JoinRoom, room_id=room_id)
    await ann.ask(chat_commands.SendLikes, room_id=room_id, count=5)
    await ann.ask(account_commands.FollowUser, user_id=house.streamers[2], is_following=True)
    await ann.ask(
        discovery_commands.RecordImpressions, impressions=(Impression(key="k", room_id=room_id),)
    )
    await house.watch(id_of(ann), 0, 60)
    assert await house.rows() == []
    belief = await ann.ask(discovery_commands.GetBelief)
    assert isinstance(belief, discovery_events.Belief)
    assert (belief.streamers, belief.visits, belief.is_recorded) == ((), 0, False)


async def test_recording_when_stopped_while_watching_then_what_was_not_written_is_dropped(
    house: House, ann: Socket
) -> None:
    service = house.parts.discovery.service
    watch = await service.acts.begin_watching(id_of(ann), house.rooms[0])
    assert watch is not None
    house.parts.time.pass_s(20)
    await ann.ask(privacy_commands.SetRecording, is_recorded=False)
    service.acts.end_watching(watch)
    assert await house.rows() == []


async def test_sweep_when_rows_are_older_than_kept_then_gone(house: House, ann: Socket) -> None:
    await house.watch(id_of(ann), 0, 60)
    assert await house.rows()
    later = house.parts.time.clocks.unix_ms() + 181 * DAY_MS
    await house.parts.privacy.service.sweep(later)
    assert await house.rows() == []


# --- lists ----------------------------------------------------------------------------------------


async def test_list_when_two_watched_other_rooms_then_their_own_come_first_with_the_reason(
    house: House, ann: Socket
) -> None:
    bob = Socket(house.parts)
    await bob.register("Bob")
    for _ in range(4):
        await house.watch(id_of(ann), 4, 600)
        await house.watch(id_of(bob), 5, 600)
        house.parts.time.pass_s(3_600)
    for socket, number in ((ann, 4), (bob, 5)):
        page = await recommended(socket)
        assert page.rooms[0].room_id == house.rooms[number]
        assert page.rooms[0].reason == event_base.Reason(kind="watched", count=4)
        assert len(page.rooms) == 6


async def test_explanation_when_a_room_was_watched_then_its_own_history_is_in_it(
    house: House, ann: Socket
) -> None:
    await house.watch_often(id_of(ann), 4, times=4)
    await recommended(ann)
    told = await ann.ask(discovery_commands.ExplainRoom, room_id=house.rooms[4])
    assert isinstance(told, discovery_events.Explanation), told
    values = [part.value for part in told.parts]
    assert values == sorted(values, reverse=True)
    assert any(part.name.startswith("own_") and part.value > 0 for part in told.parts)
    other = await ann.ask(discovery_commands.ExplainRoom, room_id=house.rooms[1])
    assert isinstance(other, discovery_events.Explanation), other
    assert not any(part.name.startswith("own_") and part.value > 0 for part in other.parts)
    nothing = await ann.ask(discovery_commands.ExplainRoom, room_id="no-such-room")
    assert nothing == discovery_events.Explanation(re=nothing.re, room_id="no-such-room")


async def test_explanation_when_a_guest_asks_then_refused(house: House) -> None:
    refusal = await Socket(house.parts).ask(discovery_commands.ExplainRoom, room_id=house.rooms[0])
    assert isinstance(refusal, events.Error), refusal


async def test_list_when_a_broadcast_ends_then_its_room_is_out_at_once(
    house: House, ann: Socket
) -> None:
    assert len([room for room in (await recommended(ann)).rooms if room.reason]) == 6
    del house.parts.plane.live[house.rooms[3]]
    answer = await ann.ask(room_commands.ListRooms, order="recommended", live_only=True)
    assert isinstance(answer, room_events.RoomList)
    assert house.rooms[3] not in {room.room_id for room in answer.rooms}
    assert len(answer.rooms) == 5


async def test_list_when_read_page_by_page_then_every_room_once_and_resting_ones_last(
    house: House, ann: Socket
) -> None:
    del house.parts.plane.live[house.rooms[5]]
    seen: list[RoomId] = []
    cursor = ""
    while True:
        page = await recommended(ann, limit=2, cursor=cursor)
        seen += [room.room_id for room in page.rooms]
        cursor = page.next_cursor
        if not cursor:
            break
    assert sorted(seen) == sorted(house.rooms)
    assert seen[-1] == house.rooms[5]


async def test_list_when_a_guest_asks_then_live_rooms_and_what_all_like(house: House) -> None:
    page = await recommended(Socket(house.parts))
    assert len(page.rooms) == 6
    assert {room.reason.kind for room in page.rooms if room.reason} <= {
        "popular", "new_streamer", "taste", "rising",
    }  # fmt: skip


async def test_list_when_a_room_is_private_or_closed_then_not_in_it(
    house: House, ann: Socket
) -> None:
    owner = Socket(house.parts)
    await owner.register("Owner")
    for name, fields in (("Shut", {}), ("Cellar", {"privacy": "invite"})):
        made = await owner.ask(room_commands.CreateRoom, name=name, **fields)
        assert isinstance(made, room_events.RoomDetails)
        house.rooms.append(made.room.room_id)
        await house.go_live(len(house.rooms) - 1)
    await owner.ask(order_commands.CloseRoom, room_id=house.rooms[6], reason="painting")
    page = await recommended(ann, live_only=True)
    assert {room.room_id for room in page.rooms} == set(house.rooms[:6])


async def test_hide_when_a_streamer_is_hidden_then_nowhere_until_it_is_taken_back(
    house: House, ann: Socket
) -> None:
    hidden = house.streamers[2]
    for is_hidden, count in ((True, 5), (True, 5), (False, 6)):
        answer = await ann.ask(discovery_commands.HideStreamer, user_id=hidden, is_hidden=is_hidden)
        assert answer == discovery_events.HiddenChanged(
            re=answer.re, user_id=hidden, is_hidden=is_hidden
        )
        assert len((await recommended(ann)).rooms) == count
    answer = await ann.ask(discovery_commands.HideStreamer, user_id=UserId("nobody"))
    assert isinstance(answer, events.Error)
    assert answer.code is ErrorCode.NOT_FOUND


# --- what is believed -----------------------------------------------------------------------------


async def test_belief_when_corrected_and_reset_then_it_says_so(house: House, ann: Socket) -> None:
    await house.watch(id_of(ann), 1, 600)
    await house.watch(id_of(ann), 2, 60)
    await ann.ask(discovery_commands.HideStreamer, user_id=house.streamers[5])
    belief = await ann.ask(discovery_commands.CorrectBelief, user_id=house.streamers[1], weight=0.0)
    assert isinstance(belief, discovery_events.Belief)
    first = belief.streamers[0]
    assert (first.user.user_id, first.minutes, first.weight) == (house.streamers[1], 10, 0.0)
    assert {one.category for one in belief.categories} == {"c1", "c2"}
    assert (await recommended(ann)).rooms[-1].room_id == house.rooms[1]
    await ann.ask(discovery_commands.ResetBelief)
    belief = await ann.ask(discovery_commands.GetBelief)
    assert isinstance(belief, discovery_events.Belief)
    assert (belief.streamers, belief.visits) == ((), 0)
    assert [user.user_id for user in belief.hidden] == [house.streamers[5]]
    assert await house.rows() == []


async def test_correct_when_it_names_both_or_none_then_refused(house: House, ann: Socket) -> None:
    for fields in ({}, {"user_id": house.streamers[0], "category": "c0"}):
        answer = await ann.ask(discovery_commands.CorrectBelief, **fields)
        assert isinstance(answer, events.Error)
        assert answer.code is ErrorCode.INVALID_VALUE


async def test_erase_when_a_user_goes_then_no_row_and_no_belief_is_left(
    house: House, ann: Socket
) -> None:
    user_id = id_of(ann)
    await house.watch(user_id, 1, 600)
    await ann.ask(discovery_commands.HideStreamer, user_id=house.streamers[5])
    assert await house.rows()
    await house.watch(user_id, 2, 60)  # this waits in the buffer
    answer = await ann.ask(privacy_commands.EraseAccount, password=PASSWORD)
    assert isinstance(answer, events.Ok), answer
    assert await house.rows() == []
    assert await house.parts.store.read(queries.list_wishes) == []


async def test_start_when_there_were_rows_then_tastes_are_as_before(
    house: House, ann: Socket, open_store: Callable[[], Store]
) -> None:
    await house.watch_often(id_of(ann), 4, times=3)
    before = await recommended(ann)
    house.parts.time.pass_s(1)
    await house.parts.discovery.service.reload()
    after = await recommended(ann)
    assert [room.room_id for room in after.rooms[:1]] == [house.rooms[4]]
    assert after.rooms[0].reason == before.rooms[0].reason
    belief = await ann.ask(discovery_commands.GetBelief)
    assert isinstance(belief, discovery_events.Belief)
    assert (belief.visits, belief.streamers[0].minutes) == (3, 30)


# --- people, quality, models ----------------------------------------------------------------------


async def test_people_when_friends_follow_somebody_then_suggested_with_those_between(
    house: House, ann: Socket
) -> None:
    sockets = {name: Socket(house.parts) for name in ("Bob", "Cid", "Dora")}
    for name, socket in sockets.items():
        await socket.register(name)

    async def follow(one: Socket, other: Socket) -> None:
        await one.ask(account_commands.FollowUser, user_id=id_of(other), is_following=True)

    for name in ("Bob", "Cid"):
        await follow(ann, sockets[name])
        await follow(sockets[name], ann)
        await follow(sockets[name], sockets["Dora"])
    await house.parts.discovery.service.tick()
    answer = await ann.ask(discovery_commands.ListPeople)
    assert isinstance(answer, discovery_events.People), answer
    first = answer.people[0]
    assert (first.user.name, first.kind, first.count) == ("Dora", "mutual", 2)
    assert set(first.names) == {"Bob", "Cid"}
    assert not {"Ann", "Bob", "Cid"} & {one.user.name for one in answer.people}


async def test_quality_when_a_listed_room_is_entered_then_the_day_counts_it(
    house: House, ann: Socket
) -> None:
    await recommended(ann)
    await house.watch(id_of(ann), 1, 20)
    report = await house.parts.discovery.service.quality(7)
    (day,) = report.days
    assert (day.lists, day.moments, day.hit_rate, day.popular_hit_rate) == (1, 1, 1.0, 1.0)
    assert day.coverage == 1.0
    assert 0 < day.ndcg <= 1


@pytest.mark.parametrize(
    "kind",
    [
        discovery_commands.GetQuality,
        discovery_commands.ListModels,
        discovery_commands.TrainNow,
        discovery_commands.CancelTraining,
    ],
)
async def test_keeping_when_no_admin_asks_then_forbidden(
    kind: type[command_base.Command], ann: Socket
) -> None:
    answer = await ann.ask(kind)
    assert isinstance(answer, events.Error)
    assert answer.code is ErrorCode.FORBIDDEN


async def fill(house: House, users: list[UserId]) -> None:
    """Two weeks of people who come back to the two that they like."""
    now_ms = house.parts.time.clocks.unix_ms()
    rows = [
        Behaviour(
            f"made-{day}-{at}-{which}", now_ms - (15 - day) * DAY_MS + at * 60_000 + which,
            user, house.streamers[(at + which) % 6], house.rooms[(at + which) % 6], "watched",
            600.0, f"b{(at + which) % 6}-{day}",
        )
        for day in range(14)
        for at, user in enumerate(users)
        for which in range(2)
    ]  # fmt: skip
    await house.parts.store.write(lambda session: queries.add_rows(session, rows))


def ignore(_step: str, _share: float) -> None:
    pass


@pytest.mark.slow
async def test_training_when_there_is_enough_then_a_model_serves_and_can_be_rolled_back(
    house: House, ann: Socket, database_url: str
) -> None:
    parts = house.parts
    users = [
        (await parts.register(f"Viewer {one}")).require_login().user.user_id for one in range(12)
    ]
    trainer = Trainer(
        parts.store,
        database_url=database_url,
        before=parts.discovery.service.flush,
        adopt=parts.discovery.service.reload,
        clocks=parts.time.clocks,
        random_bytes=parts.random_bytes,
    )
    await trainer.begin()
    too_early = await trainer.wait()
    assert (too_early.state, "200 visits" in too_early.words) == ("failed", True)
    await fill(house, users)
    await trainer.begin()
    assert await trainer.wait() == discovery_events.TrainingInfo(state="done", share=1.0)
    for _ in range(3):
        parts.time.pass_s(60)
        made = look(
            database_url, lambda session: learn(gather(session, ignore), seed=1, advance=ignore)
        )
        await trainer.keep(made)
    models = (await trainer.models()).models
    assert [model.is_serving for model in models] == [True, False, False], "three are kept"
    assert {score.kind for score in models[0].scores} >= {"linear", "logistic"}
    assert models[0].visits == 14 * 12 * 2
    await trainer.roll_back(models[1].model_id)
    assert [model.is_serving for model in (await trainer.models()).models] == [False, True, False]
    ranked = await parts.discovery.service.explain(users[0], 6)
    assert ranked.places[0].streamer_id in {house.streamers[0], house.streamers[1]}
    for place in ranked.places:
        assert place.score == pytest.approx(ranked.base + sum(place.parts.values()), abs=1e-6)
    await trainer.close()


async def test_training_when_cancelled_then_no_model_and_no_process(
    house: House, database_url: str
) -> None:
    parts = house.parts
    trainer = Trainer(
        parts.store,
        database_url=database_url,
        before=parts.discovery.service.flush,
        adopt=parts.discovery.service.reload,
        clocks=parts.time.clocks,
        random_bytes=parts.random_bytes,
        command=["sh", "-c", "exec sleep 60", "sh"],
    )
    await trainer.begin()
    await trainer.cancel()
    models = await trainer.models()
    assert (models.models, models.training.state) == ((), "cancelled")
    await trainer.close()


async def test_erase_when_a_streamer_goes_then_no_model_names_it(house: House) -> None:
    gone = house.streamers[2]
    row = RecommenderModel(
        id="m", made_at_unix_ms=1, is_serving=False, artefact="{}",
        streamer_ids=json.dumps([house.streamers[1], gone]), neighbours=b"",
    )  # fmt: skip
    await house.parts.store.write(lambda session: queries.add_model(session, row))
    await house.parts.store.write(lambda session: queries.erase(session, gone))
    found = await house.parts.store.read(queries.find_serving)
    assert found is None or gone not in found.streamer_ids
    counted = await house.parts.store.read(
        lambda session: session.exec(select(func.count()).select_from(BehaviourRow)).one()
    )
    assert counted == 0


# --- what must not be told, and what must ---------------------------------------------------------


async def test_list_when_only_the_own_room_is_live_then_it_is_in_the_list_without_a_reason(
    house: House,
) -> None:
    for room_id in house.rooms[1:]:
        del house.parts.plane.live[room_id]
    owner = Socket(house.parts)
    await owner.ask(account_commands.Login, name="Streamer 0", password=PASSWORD)
    page = await recommended(owner)
    live = [room for room in page.rooms if room.broadcast is not None]
    assert [(room.room_id, room.reason) for room in live] == [(house.rooms[0], None)]
    assert len(page.rooms) == 6
    other = await recommended(owner, category="c1")
    assert house.rooms[0] not in {room.room_id for room in other.rooms}


async def test_list_when_hosts_are_followed_then_theirs_come_first(
    house: House, ann: Socket
) -> None:
    await house.watch_often(id_of(ann), 4, times=6)
    for number in (1, 3):
        await ann.ask(
            account_commands.FollowUser, user_id=house.streamers[number], is_following=True
        )
    page = await recommended(ann)
    assert {room.room_id for room in page.rooms[:2]} == {house.rooms[1], house.rooms[3]}
    assert page.rooms[2].room_id == house.rooms[4]


async def test_people_when_somebody_of_like_taste_is_not_recorded_then_not_told_of(
    house: House, ann: Socket
) -> None:
    host = Socket(house.parts)
    await host.ask(account_commands.Login, name="Streamer 5", password=PASSWORD)
    for number in range(4):
        await house.watch(id_of(ann), number, 600)
        await house.watch(house.streamers[5], number, 600)
    await recommended(ann)
    house.parts.time.pass_s(1_000)
    await house.parts.discovery.service.tick()
    told = await ann.ask(discovery_commands.ListPeople)
    assert isinstance(told, discovery_events.People), told
    assert [one.user.name for one in told.people if one.kind == "taste"] == ["Streamer 5"]
    await host.ask(privacy_commands.SetRecording, is_recorded=False)
    told = await ann.ask(discovery_commands.ListPeople)
    assert isinstance(told, discovery_events.People), told
    assert not [one for one in told.people if one.kind == "taste"]


@pytest.mark.parametrize(("friends", "is_told"), [(1, False), (4, False), (5, True)])
async def test_explanation_when_few_friends_watch_then_it_does_not_tell(
    house: House, ann: Socket, friends: int, *, is_told: bool
) -> None:
    for number in range(friends):
        friend = Socket(house.parts, f"192.0.2.{number + 9}")
        await friend.register(f"Friend {number}")
        await ann.ask(account_commands.FollowUser, user_id=id_of(friend), is_following=True)
        await friend.ask(account_commands.FollowUser, user_id=id_of(ann), is_following=True)
        await house.parts.discovery.service.acts.begin_watching(id_of(friend), house.rooms[2])
    await recommended(ann)
    told = await ann.ask(discovery_commands.ExplainRoom, room_id=house.rooms[2])
    assert isinstance(told, discovery_events.Explanation), told
    assert ("friend" in {part.name for part in told.parts}) is is_told


async def test_reset_when_tastes_are_just_being_read_then_forgotten_in_what_serves_next(
    house: House, ann: Socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last row that was read and the first list that is made of it."""
    service = house.parts.discovery.service
    bob = Socket(house.parts)
    await bob.register("Bob")
    for socket in (ann, bob):
        await house.watch(id_of(socket), 1, 600)
    loop = asyncio.get_running_loop()
    resets: list[Future[None]] = []
    begun: list[UserId] = []
    both_begun = threading.Event()
    make_alike, reset_wishes = Memory.refresh_alike, service.wishes.reset

    def refresh(memory: Memory, now_s: float) -> None:
        make_alike(memory, now_s)
        if memory is not service._memory:
            resets.extend(
                asyncio.run_coroutine_threadsafe(service.reset(id_of(socket)), loop)
                for socket in (ann, bob)
            )
            assert both_begun.wait(30)

    def reset(user_id: UserId) -> None:
        reset_wishes(user_id)
        begun.append(user_id)
        if len(begun) == 2:
            both_begun.set()

    monkeypatch.setattr(Memory, "refresh_alike", refresh)
    monkeypatch.setattr(service.wishes, "reset", reset)
    await service.reload()
    assert len(resets) == 2
    for done in resets:
        await asyncio.wrap_future(done)
    for socket in (ann, bob):
        belief = await service.belief(id_of(socket))
        assert belief.streamers == ()


@pytest.mark.parametrize("has_tick", [False, True])
async def test_reload_when_acts_wait_or_come_before_it_serves_then_each_counts_once(
    house: House, ann: Socket, monkeypatch: pytest.MonkeyPatch, *, has_tick: bool
) -> None:
    service, user_id = house.parts.discovery.service, id_of(ann)
    watch = await service.acts.begin_watching(user_id, house.rooms[1])
    assert watch is not None
    for _ in range(120):
        house.parts.time.pass_s(5)
        service.acts.watching.tick()
    house.parts.time.pass_s(1)
    loop = asyncio.get_running_loop()
    ticks: list[asyncio.Task[None]] = []
    make_alike = Memory.refresh_alike

    followed = threading.Event()

    async def follow() -> None:
        await service.acts.note_followed(user_id, house.streamers[2])
        if has_tick:
            ticks.append(loop.create_task(service.tick()))  # it waits for the thread
            await asyncio.sleep(0)

    def refresh(memory: Memory, now_s: float) -> None:
        make_alike(memory, now_s)
        if memory is not service._memory and not followed.is_set():
            followed.set()
            asyncio.run_coroutine_threadsafe(follow(), loop).result(30)

    monkeypatch.setattr(Memory, "refresh_alike", refresh)
    await service.reload()
    await asyncio.gather(*ticks)
    belief = await service.belief(user_id)
    minutes = {one.user.user_id: one.minutes for one in belief.streamers}
    # The tenth minute of the visit is not over: nothing has told of it yet.
    assert minutes == {house.streamers[1]: 9, house.streamers[2]: 0}
