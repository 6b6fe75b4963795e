"""What a joiner is given."""

from server.relay.gop_cache import (
    AUDIO_BYTES_MAX,
    AUDIO_ONLY_PACKETS,
    AUDIO_PACKETS_MAX,
    GOP_BYTES_MAX,
    GOP_PACKETS_MAX,
    GopCache,
)
from server.relay.packet import RelayedPacket
from tests.unit.server.relay.rig import Packets, names


def told(packets: list[RelayedPacket]) -> str:
    return names(b"".join(packet.frames for packet in packets))


def a_cache(*packets: RelayedPacket) -> GopCache:
    cache = GopCache()
    for packet in packets:
        cache.push(packet)
    return cache


def test_snapshot_when_in_mid_gop_then_has_pictures_and_the_sound_between() -> None:
    make = Packets()
    cache = a_cache(
        make.audio(), make.key(), make.audio(), make.video(), make.audio(), make.video()
    )
    assert told(cache.snapshot(0)) == "k1 a2 v1 a3 v2"


def test_snapshot_when_a_new_keyframe_came_then_begins_there() -> None:
    make = Packets()
    cache = a_cache(make.key(), make.audio(), make.video(), make.key(), make.audio())
    assert told(cache.snapshot(0)) == "k2 a2"


def test_snapshot_when_there_was_no_keyframe_then_is_empty() -> None:
    make = Packets()
    cache = a_cache(make.audio(), make.video(), make.audio())
    assert cache.snapshot(0) == []
    assert cache.snapshot(1) == []


def test_snapshot_when_sound_is_held_then_leaves_it_out() -> None:
    make = Packets()
    packets = [make.key(), make.audio(), make.video(), make.audio(), make.audio()]
    cache = a_cache(*packets)
    assert told(cache.snapshot(0, audio_before=packets[3].arrival)) == "k1 a1 v1"


def test_snapshot_when_layers_differ_then_each_has_its_own_and_all_their_sound() -> None:
    make = Packets()
    cache = a_cache(
        make.key(0), make.audio(), make.video(0), make.key(1), make.audio(), make.video(1)
    )
    assert told(cache.snapshot(0)) == "k1 a1 v1 a2"
    assert told(cache.snapshot(1)) == "k2@1 a2 v2@1"


def test_cache_when_a_gop_grows_too_long_then_waits_for_the_next_keyframe() -> None:
    make = Packets()
    cache = a_cache(make.key(), *[make.video() for _ in range(GOP_PACKETS_MAX - 1)])
    assert len(cache.snapshot(0)) == GOP_PACKETS_MAX
    cache.push(make.video())
    assert (cache.snapshot(0), len(cache)) == ([], 0)
    cache.push(make.video())
    assert cache.snapshot(0) == []
    cache.push(make.key())
    assert told(cache.snapshot(0)) == "k2"


def test_cache_when_a_gop_grows_too_heavy_then_waits_for_the_next_keyframe() -> None:
    make = Packets()
    half = GOP_BYTES_MAX // 2
    cache = a_cache(make.key(size=half), make.video(size=half - 100))
    assert 0 < len(cache) <= GOP_BYTES_MAX
    cache.push(make.video(size=200))
    assert (cache.snapshot(0), len(cache)) == ([], 0)


def test_cache_when_only_sound_comes_then_stays_bounded() -> None:
    make = Packets()
    cache = a_cache(*[make.audio() for _ in range(AUDIO_PACKETS_MAX + 50)])
    recent = cache.recent_audio()
    assert len(recent) == AUDIO_ONLY_PACKETS
    assert told(recent[-1:]) == f"a{AUDIO_PACKETS_MAX + 50}"


def test_cache_when_other_packets_are_heavy_then_their_oldest_go() -> None:
    make = Packets()
    cache = a_cache(make.key(), *[make.audio(size=100_000) for _ in range(100)])
    held = cache.snapshot(0)
    assert told(held[:1]) == "k1"
    assert sum(len(packet.frames) for packet in held) < AUDIO_BYTES_MAX + 1_000
    assert told(held[-1:]) == "a100"
    cache.push(make.key())
    cache.push(make.audio(size=AUDIO_BYTES_MAX * 2))
    assert len(cache.recent_audio()) == 1, "one alone is kept, whatever its size"
    cache.push(make.audio())
    assert told(cache.snapshot(0)) == "k2 a102"


def test_cache_when_a_keyframe_comes_then_older_sound_is_let_go() -> None:
    make = Packets()
    cache = a_cache(make.audio(), make.key(0), make.audio(), make.key(1), make.audio())
    assert told(cache.recent_audio()) == "a2 a3"


def test_cache_when_cleared_then_is_empty() -> None:
    make = Packets()
    cache = a_cache(make.key(), make.audio(), make.video())
    cache.clear()
    assert (cache.snapshot(0), cache.recent_audio(), len(cache)) == ([], [], 0)
