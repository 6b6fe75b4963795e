"""Every packet to everyone, once and in order, whatever one of them does."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.relay.fanout import HELD_AUDIO_MAX, YIELD_EVERY
from server.relay.packet import RelayedPacket
from server.relay.subscriber import DRAIN_BYTES, Flow
from server.settings import CoalesceMode
from tests.unit.server.relay.rig import BUFFER_BYTES_MAX, Stage, Viewer, names

CROWD = YIELD_EVERY + 50
"""So many that the loop yields while it writes to them."""


def pictures(got: str) -> list[str]:
    return [name for name in got.split() if name[0] != "a"]


def sound(got: str) -> list[str]:
    return [name for name in got.split() if name[0] == "a"]


def told(packets: list[RelayedPacket]) -> str:
    return names(b"".join(packet.frames for packet in packets))


def a_second(stage: Stage, *, layers: int = 1) -> list[RelayedPacket]:
    """30 pictures of each layer and 50 sound packets, in a real broadcast's order."""
    make = stage.packets
    packets = []
    for tick in range(300):
        if tick % 10 == 0:
            packets += [(make.video if tick else make.key)(layer) for layer in range(layers)]
        if tick % 6 == 3:
            packets.append(make.audio())
    return packets


@asynccontextmanager
async def in_the_yield_of(forwarding: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """The body runs while the fan-out has written to YIELD_EVERY and lets others go on."""
    task = asyncio.get_running_loop().create_task(forwarding)
    await asyncio.sleep(0)
    assert not task.done()
    yield
    await task


# --- one among ten ------------------------------------------------------------------------------


@pytest.mark.parametrize("coalesce", ["never", "always"])
async def test_nine_when_the_tenth_is_stuck_then_get_every_packet_once_and_in_order(
    coalesce: CoalesceMode,
) -> None:
    stage = Stage(coalesce)
    viewers = [Viewer(stage) for _ in range(10)]
    stuck = viewers.pop(4)
    sent = a_second(stage)
    await stage.send(*sent)
    stuck.pause()
    had = stuck.got
    for _ in range(4):
        more = a_second(stage)
        for packet in more:
            stage.clock.now_s += 1 / len(more)
            await stage.send(packet)
        sent += more
    sent.append(stage.packets.key())
    await stage.send(sent[-1])
    assert {viewer.got for viewer in viewers} == {told(sent)}
    assert stuck.got == had
    assert set(stage.lagged) == {stuck.subscriber}
    assert stuck.subscriber.queued_bytes <= BUFFER_BYTES_MAX


@pytest.mark.parametrize("coalesce", ["never", "always"])
async def test_all_when_one_transport_is_dead_then_the_others_get_everything(
    coalesce: CoalesceMode,
) -> None:
    stage = Stage(coalesce)
    viewers = [Viewer(stage) for _ in range(10)]
    dead = [viewers.pop(7), viewers.pop(3)]

    def die() -> None:
        raise RuntimeError("Cannot call write() after write_eof()")

    first = stage.packets.key()
    await stage.send(first)
    dead[1].pause()
    for viewer in dead:
        viewer.socket.on_write = die
    sent = [*a_second(stage), stage.packets.key()]
    await stage.send(*sent[:10])
    dead[1].resume()
    await stage.send(*sent[10:])
    assert {viewer.got for viewer in viewers} == {told([first, *sent])}
    assert all(len(viewer.socket.writes) <= 2 for viewer in dead)


async def test_paused_one_when_it_drains_in_time_then_has_missed_nothing() -> None:
    stage = Stage()
    viewer = Viewer(stage)
    sent = a_second(stage)
    await stage.send(*sent[:20])
    viewer.pause()
    assert stage.fanout.slow_count() == 1
    await stage.send(*sent[20:40])
    viewer.resume()
    await stage.send(*sent[40:])
    assert viewer.got == told(sent)
    assert (stage.fanout.slow_count(), stage.lagged, stage.recovered) == (0, [], [])


async def test_lagged_one_when_it_drains_then_comes_back_at_a_keyframe_and_is_told_once() -> None:
    stage = Stage()
    viewer = Viewer(stage)
    await stage.send(stage.packets.key())
    viewer.pause()
    await stage.send(stage.packets.video())
    stage.clock.now_s += 2.5
    await stage.send(stage.packets.video(), stage.packets.audio(), stage.packets.video())
    viewer.resume()
    assert stage.recovered == []
    await stage.send(stage.packets.video(), stage.packets.key(), stage.packets.video())
    assert viewer.got == "k1 a1 k2 v5"
    assert stage.recovered == [(4, 0, 0)]
    await stage.send(stage.packets.key())
    assert len(stage.recovered) == 1


# --- while the loop yields ----------------------------------------------------------------------


@pytest.mark.parametrize("coalesce", ["never", "always"])
@pytest.mark.parametrize("sort", ["video", "audio"])
async def test_joiner_when_it_comes_in_a_yield_then_gets_each_packet_once(
    coalesce: CoalesceMode, sort: str
) -> None:
    stage = Stage(coalesce)
    crowd = [Viewer(stage, audio_only=sort == "audio") for _ in range(CROWD)]
    first = Viewer(stage)
    sent = [stage.packets.key(), stage.packets.audio(), stage.packets.video()]
    await stage.send(*sent)
    sent.append(getattr(stage.packets, sort)())
    async with in_the_yield_of(stage.send(sent[-1])):
        joiner = Viewer(stage)
    more = [stage.packets.audio(), stage.packets.video(), stage.packets.key()]
    await stage.send(*more)
    assert joiner.got == told([*sent, *more])
    assert first.got == joiner.got
    assert len({viewer.got for viewer in crowd}) == 1


async def test_leaver_when_it_goes_in_a_yield_then_gets_nothing_more() -> None:
    stage = Stage()
    crowd = [Viewer(stage) for _ in range(CROWD)]
    await stage.send(stage.packets.key())
    leaver = crowd.pop()
    async with in_the_yield_of(stage.send(stage.packets.video())):
        leaver.subscriber.discard()
        stage.fanout.remove(leaver.subscriber)
    assert leaver.got == "k1"
    assert {viewer.got for viewer in crowd} == {"k1 v1"}
    assert len(stage.fanout) == len(crowd)


@pytest.mark.parametrize("coalesce", ["never", "always"])
@pytest.mark.parametrize("audio_only", [False, True])
async def test_switcher_when_it_goes_to_sound_or_picture_in_a_yield_then_hears_all_once(
    coalesce: CoalesceMode, *, audio_only: bool
) -> None:
    stage = Stage(coalesce)
    others = [Viewer(stage, audio_only=index % 2 == 0) for index in range(2 * CROWD)]
    switchers = [Viewer(stage, audio_only=audio_only) for _ in range(3)]
    sent = [stage.packets.key(), stage.packets.audio(), stage.packets.video()]
    sent += [stage.packets.audio(), stage.packets.audio()]
    await stage.send(*sent[:-1])
    async with in_the_yield_of(stage.send(sent[-1])):
        for viewer in (*switchers, others[0], others[1]):
            was_on = viewer.subscriber.audio_only
            stage.fanout.change_audio_only(viewer.subscriber, 0, on=not was_on)
    more = [stage.packets.audio(), stage.packets.video(), stage.packets.audio()]
    await stage.send(*more, stage.packets.key())
    heard = sound(told([*sent, *more]))
    for viewer in (*switchers, *others):
        assert sound(viewer.got) == heard


async def test_broadcast_when_another_begins_in_a_yield_then_nothing_of_the_old_follows() -> None:
    stage = Stage()
    crowd = [Viewer(stage) for _ in range(CROWD)]
    await stage.send(stage.packets.key())
    waiting = asyncio.get_running_loop().create_task
    async with in_the_yield_of(stage.send(stage.packets.video())):
        behind = waiting(stage.send(stage.packets.video()))
        await asyncio.sleep(0)
        for viewer in crowd:
            viewer.forget()
        stage.fanout.restart({0: 0}, stage.clock())
        new = waiting(stage.send(stage.packets.key()))
    await asyncio.gather(behind, new)
    assert {viewer.got for viewer in crowd} == {"k2"}


# --- joining ------------------------------------------------------------------------------------


async def test_joiner_when_there_is_no_keyframe_yet_then_waits_for_one_and_hears_meanwhile() -> (
    None
):
    stage = Stage()
    viewer = Viewer(stage)
    assert not viewer.has_picture
    make = stage.packets
    await stage.send(make.video(), make.audio(), make.video(), make.key(), make.video())
    assert viewer.got == "a1 k1 v3"
    assert (stage.recovered, stage.fanout.slow_count()) == ([], 0)


async def test_joiner_when_the_gop_is_larger_than_its_budget_then_gets_all_of_it() -> None:
    stage = Stage()
    gop = [stage.packets.key(size=500_000), *[stage.packets.video(size=50_000) for _ in range(60)]]
    await stage.send(*gop)
    viewer = Viewer(stage)
    assert (viewer.has_picture, viewer.got) == (True, told(gop))
    assert len(viewer.socket.writes) <= 61


async def test_joiner_when_its_socket_fills_beyond_its_budget_then_waits_for_a_keyframe() -> None:
    stage = Stage()
    gop = [stage.packets.key(), *[stage.packets.video(size=DRAIN_BYTES) for _ in range(60)]]
    await stage.send(*gop)
    viewer = Viewer(stage, layer=None)
    stage.fanout.remove(viewer.subscriber)
    viewer.subscriber.paused = True
    assert not stage.fanout.add(viewer.subscriber, 0)
    assert viewer.subscriber.flow is Flow.AWAITING


async def test_joiner_when_it_only_listens_then_gets_a_moment_of_sound_and_no_picture() -> None:
    stage = Stage()
    await stage.send(*a_second(stage))
    listener = Viewer(stage, audio_only=True)
    assert listener.got == "a46 a47 a48 a49 a50"
    await stage.send(stage.packets.key(), stage.packets.audio())
    assert listener.got == "a46 a47 a48 a49 a50 a51"


async def test_viewers_when_a_broadcast_has_no_picture_then_flow() -> None:
    stage = Stage()
    viewer = Viewer(stage, layer=None)
    stage.fanout.restart({}, stage.clock())
    await stage.send(stage.packets.audio(), stage.packets.audio())
    assert viewer.got == "a1 a2"
    assert stage.fanout.slow_count() == 0


async def test_subscriber_when_gone_before_a_restart_then_its_socket_may_still_call_back() -> None:
    stage = Stage()
    viewer = Viewer(stage, layer=1)
    stage.fanout.remove(viewer.subscriber)
    stage.fanout.restart({0: 0}, stage.clock())
    viewer.pause()
    viewer.resume()
    assert len(stage.fanout) == 0


# --- layers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("coalesce", ["never", "always"])
@pytest.mark.parametrize(("before", "after"), [(0, 1), (1, 0)])
async def test_mover_when_the_keyframe_comes_then_changes_there_and_hears_all_once(
    coalesce: CoalesceMode, before: int, after: int
) -> None:
    stage = Stage(coalesce)
    viewers = {layer: Viewer(stage, layer=layer) for layer in (0, 1)}
    mover = Viewer(stage, layer=before)
    sent = a_second(stage, layers=2)
    await stage.send(*sent)
    mover.subscriber.target = after
    sent += (more := a_second(stage, layers=2))
    sent += (last := [stage.packets.key(0), stage.packets.key(1)])
    await stage.send(*more, *last)
    assert sound(mover.got) == sound(told(sent))
    old, new = (pictures(viewers[layer].got) for layer in (before, after))
    first = 31 if before == 0 else 30  # layer 0's keyframe comes just before layer 1's
    assert pictures(mover.got) == old[:first] + new[30:]
    assert stage.moved == [(mover.subscriber, before, after)]
    assert (mover.subscriber.group, mover.subscriber.target) == (after, None)
    assert mover.subscriber.chooser.current == after


async def test_switch_when_made_then_the_picture_stops_at_once_or_begins_at_a_keyframe() -> None:
    stage = Stage()
    viewer = Viewer(stage)
    make = stage.packets
    await stage.send(make.key(), make.audio())
    stage.fanout.change_audio_only(viewer.subscriber, None, on=True)
    await stage.send(make.video(), make.audio())
    stage.fanout.change_audio_only(viewer.subscriber, 0, on=False)
    await stage.send(make.video(), make.audio(), make.key(), make.video())
    assert viewer.got == "k1 a1 a2 a3 k2 v3"


# --- coalescing ---------------------------------------------------------------------------------


async def test_switch_when_pictures_wait_for_a_full_socket_then_only_sound_is_sent() -> None:
    stage = Stage()
    viewer, make = Viewer(stage), stage.packets
    await stage.send(make.key(), make.audio())
    viewer.pause()
    await stage.send(make.video(), make.audio(), make.video(), make.audio())
    stage.fanout.change_audio_only(viewer.subscriber, None, on=True)
    viewer.resume()
    assert viewer.got == "k1 a1 a2 a3"
    assert (viewer.subscriber.queued_bytes, stage.recovered) == (0, [])


async def test_bytes_when_a_joiner_and_a_slow_one_get_theirs_later_then_all_count() -> None:
    stage = Stage()
    make = stage.packets
    slow = Viewer(stage)
    await stage.send(make.key(), make.audio())
    joiner = Viewer(stage)
    slow.pause()
    await stage.send(make.video(), make.audio())
    slow.resume()
    listener = Viewer(stage, audio_only=True)
    everything = [write for one in (slow, joiner, listener) for write in one.socket.writes]
    assert stage.counters.bytes_forwarded == len(b"".join(everything))


async def test_sound_when_coalescing_then_leaves_with_the_picture_in_one_write() -> None:
    stage = Stage("always")
    viewer, listener = Viewer(stage), Viewer(stage, audio_only=True)
    make = stage.packets
    await stage.send(make.key(), make.audio(), make.audio())
    assert (viewer.got, listener.got) == ("k1", "a1 a2")
    await stage.send(make.video())
    assert viewer.got == "k1 a1 a2 v1"
    assert len(viewer.socket.writes) == 2


async def test_sound_when_too_much_is_held_then_leaves_at_once() -> None:
    stage = Stage("always")
    viewer = Viewer(stage)
    await stage.send(*[stage.packets.audio() for _ in range(HELD_AUDIO_MAX + 1)])
    assert len(sound(viewer.got)) == HELD_AUDIO_MAX + 1


async def test_sound_when_no_picture_comes_then_waits_one_video_interval_and_no_longer() -> None:
    stage = Stage("always")
    viewer = Viewer(stage)
    loop = asyncio.get_running_loop()
    stage.fanout.video_interval_s = 0.04
    before_s = loop.time()
    await stage.send(stage.packets.key(), stage.packets.audio())
    timer = stage.fanout._flush_timer
    assert timer is not None
    assert before_s + 0.04 <= timer.when() <= loop.time() + 0.04
    await stage.send(stage.packets.audio())
    assert stage.fanout._flush_timer is timer
    stage.fanout._start_flush()
    await asyncio.sleep(0)
    assert viewer.got == "k1 a1 a2"


async def test_sound_when_a_picture_took_the_last_then_the_next_waits_its_own_interval() -> None:
    stage = Stage("always")
    Viewer(stage)
    make = stage.packets
    await stage.send(make.key(), make.audio())
    first = stage.fanout._flush_timer
    await stage.send(make.video())
    assert stage.fanout._flush_timer is None
    await stage.send(make.audio())
    assert stage.fanout._flush_timer is not first
    stage.fanout.close()


async def test_sound_when_coalescing_ends_then_keeps_its_order() -> None:
    stage = Stage("always")
    viewer = Viewer(stage)
    make = stage.packets
    await stage.send(make.key(), make.audio())
    stage.fanout._load.coalescing = False
    await stage.send(make.audio(), make.video())
    assert viewer.got == "k1 a1 a2 v1"


async def test_joiner_when_sound_is_held_then_hears_it_once_with_the_others() -> None:
    stage = Stage("always")
    viewer = Viewer(stage)
    make = stage.packets
    await stage.send(make.key(), make.audio(), make.video(), make.audio())
    joiner = Viewer(stage)
    await stage.send(make.audio(), make.video())
    assert joiner.got == viewer.got == "k1 a1 v1 a2 a3 v2"


# --- anything in any order ----------------------------------------------------------------------

_STEPS = st.one_of(
    st.tuples(st.sampled_from(["key", "video"]), st.integers(0, 1)),
    st.tuples(st.just("audio"), st.just(0)),
    st.tuples(st.sampled_from(["pause", "resume", "move", "listen"]), st.integers(0, 4)),
)


@pytest.mark.parametrize("coalesce", ["never", "always", "changing"])
@given(st.lists(_STEPS, max_size=60))
def test_viewers_when_anything_happens_in_any_order_then_hear_all_once_and_see_no_gap(
    coalesce: str, steps: list[tuple[str, int]]
) -> None:
    asyncio.run(_anything_happens(coalesce, steps))


async def _anything_happens(coalesce: str, steps: list[tuple[str, int]]) -> None:
    stage = Stage("always" if coalesce == "always" else "never")
    viewers = [
        Viewer(stage, layer=0),
        Viewer(stage, layer=0),
        Viewer(stage, layer=1),
        Viewer(stage, layer=1),
        Viewer(stage, audio_only=True),
    ]
    sent: list[RelayedPacket] = []
    end = [("resume", which) for which in range(5)] + [("key", 0), ("key", 1)]
    for step, number in (*steps, *end):
        if step in {"key", "video", "audio"}:
            make = getattr(stage.packets, step)
            sent.append(make() if step == "audio" else make(number))
            if coalesce == "changing":
                stage.fanout._load.coalescing = len(sent) % 7 < 4
            await stage.send(sent[-1])
        else:
            _do(stage, viewers[number], step)
    stage.fanout.close()
    layers = [
        [name for name in pictures(told(sent)) if name.endswith("@1") == is_upper]
        for is_upper in (False, True)
    ]
    for viewer in viewers:
        assert sound(viewer.got) == sound(told(sent))
        _check_no_gap(pictures(viewer.got), layers)


def _do(stage: Stage, viewer: Viewer, step: str) -> None:
    subscriber = viewer.subscriber
    if step == "pause":
        viewer.pause()
    elif step == "resume":
        viewer.resume()
    elif step == "listen":
        stage.fanout.change_audio_only(subscriber, 0, on=not subscriber.audio_only)
    elif not subscriber.audio_only:
        subscriber.target = 1 - subscriber.group


def _check_no_gap(seen: list[str], layers: list[list[str]]) -> None:
    """Each picture follows the one before it on its layer, or is a keyframe; none comes twice."""
    assert len(set(seen)) == len(seen)
    before = None
    for name in seen:
        layer = layers[name.endswith("@1")]
        place = layer.index(name)
        assert name[0] == "k" or (place > 0 and layer[place - 1] == before)
        before = name
