from __future__ import annotations

from app.net.send_buffer import VIDEO_QUEUED_BYTES_MAX, SendBuffer, TrackChange
from wire.media_packet import Flags, Kind, MediaPacket
from wire.tracks import TrackInfo


def _video(pts_ms: int, *, key: bool = False, layer: int = 0, size: int = 100) -> MediaPacket:
    flags = Flags.KEYFRAME if key else Flags.NONE
    return MediaPacket(Kind.VIDEO, layer, flags, pts_ms, pts_ms * 1000, 0, bytes(size))


def _audio(pts_ms: int) -> MediaPacket:
    return MediaPacket(Kind.AUDIO, 0, Flags.NONE, pts_ms, pts_ms * 1000, 0, b"a")


def _drain(buffer: SendBuffer) -> list[MediaPacket | TrackChange]:
    packets: list[MediaPacket | TrackChange] = []
    while (packet := buffer.pop()) is not None:
        packets.append(packet)
    return packets


def _opened() -> SendBuffer:
    buffer = SendBuffer()
    buffer.open()
    return buffer


def test_push_when_there_is_no_link_then_nothing_is_kept() -> None:
    buffer = SendBuffer()
    buffer.push(_video(0, key=True))
    buffer.push(_audio(0))
    assert buffer.open() == {0}
    assert _drain(buffer) == []
    assert buffer.dropped["no_link"] == 2


def test_push_when_the_link_is_new_then_video_starts_at_a_keyframe() -> None:
    buffer = _opened()
    buffer.push(_video(0))
    buffer.push(_video(33))
    buffer.push(_video(66, key=True))
    buffer.push(_video(99))
    assert [packet.pts_us for packet in _drain(buffer)] == [66_000, 99_000]
    assert buffer.dropped["before_keyframe"] == 2


def test_push_when_the_link_is_new_then_each_tracks_first_packet_is_flagged() -> None:
    buffer = _opened()
    for packet in (_video(0, key=True), _video(0, key=True, layer=1), _audio(0), _audio(20)):
        buffer.push(packet)
    buffer.push(_video(33))
    flagged = [bool(packet.flags & Flags.DISCONTINUITY) for packet in _drain(buffer)]
    assert flagged == [True, False, True, True, False]  # sound first


def test_push_when_another_link_carried_the_broadcast_meanwhile_then_nothing_is_flagged() -> None:
    buffer = SendBuffer()
    buffer.open(goes_on=True)
    for packet in (_video(0, key=True), _audio(0), _video(33)):
        buffer.push(packet)
    assert not any(
        p.flags & Flags.DISCONTINUITY for p in _drain(buffer) if isinstance(p, MediaPacket)
    )
    buffer.close()
    buffer.open()
    buffer.push(_video(66, key=True))
    assert [p.flags & Flags.DISCONTINUITY for p in _drain(buffer) if isinstance(p, MediaPacket)]


def test_pop_when_pictures_wait_then_sound_overtakes_them() -> None:
    buffer = _opened()
    buffer.push(_video(0, key=True))
    buffer.push(_audio(0))
    assert [packet.kind for packet in _drain(buffer)] == [Kind.AUDIO, Kind.VIDEO]


def test_push_when_more_than_a_second_waits_then_pictures_go_and_a_keyframe_is_asked() -> None:
    buffer = _opened()
    buffer.push(_video(0, key=True))
    for pts_ms in range(40, 1001, 40):
        assert buffer.push(_video(pts_ms)) == set()
        buffer.push(_audio(pts_ms))
    assert buffer.push(_video(1040)) == {0}
    assert buffer.queued_us == 0
    buffer.push(_video(1080))
    buffer.push(_video(1120, key=True))
    kinds = [packet.kind for packet in _drain(buffer)]
    assert kinds.count(Kind.AUDIO) == 25, "sound is never dropped"
    assert kinds.count(Kind.VIDEO) == 1
    assert buffer.dropped["slow_link"] == 27


def test_push_when_too_many_bytes_wait_then_pictures_go() -> None:
    buffer = _opened()
    buffer.push(_video(0, key=True))
    assert buffer.push(_video(1, size=VIDEO_QUEUED_BYTES_MAX)) == {0}
    assert buffer.queued_bytes == 0


def test_open_when_it_comes_after_a_cut_then_nothing_old_is_left() -> None:
    buffer = _opened()
    buffer.push(_video(0, key=True))
    buffer.push(_audio(0))
    buffer.close()
    assert buffer.open() == {0}
    assert _drain(buffer) == []
    buffer.push(_audio(3000))
    assert _drain(buffer)[0].flags & Flags.DISCONTINUITY


def _change(*layers: int) -> TrackChange:
    return TrackChange(tuple(_track(layer) for layer in layers), 1)


def _track(layer: int) -> TrackInfo:
    return TrackInfo(
        kind="video", codec="h264", layer=layer, width=640, height=360, frame_rate=30.0
    )


def test_change_tracks_when_pictures_wait_then_it_comes_between_old_and_new() -> None:
    buffer = _opened()
    buffer.push(_video(0, key=True))
    buffer.change_tracks(_change(0))
    buffer.push(_audio(10))
    buffer.push(_video(33))  # late, of the old tracks: the relay begins afresh
    buffer.push(_video(66, key=True))
    found = _drain(buffer)
    assert found[2] == _change(0)
    assert [one.pts_us for one in found if isinstance(one, MediaPacket)] == [10_000, 0, 66_000]
    assert buffer.dropped["before_keyframe"] == 1


def test_change_tracks_when_a_layer_is_left_out_then_its_late_pictures_are_not_sent() -> None:
    buffer = _opened()
    for layer in (0, 1):
        buffer.push(_video(0, key=True, layer=layer))
    buffer.change_tracks(_change(0))
    buffer.push(_video(33, layer=1))
    buffer.push(_video(66, layer=0, key=True))
    found = _drain(buffer)
    assert [one.layer for one in found if isinstance(one, MediaPacket)] == [0, 1, 0]
    assert found[2] == _change(0)
    assert buffer.dropped["layer_gone"] == 1
    assert buffer.queued_bytes == 0


def test_change_tracks_when_the_queue_overflows_then_the_newest_change_stays() -> None:
    buffer = _opened()
    buffer.push(_video(0, key=True))
    buffer.change_tracks(_change(0, 1))
    buffer.change_tracks(_change(0))
    buffer.push(_video(100, key=True))
    assert buffer.push(_video(2_000)) == {0}
    assert _drain(buffer) == [_change(0)]
    assert buffer.dropped["slow_link"] == 3


def test_change_tracks_when_there_is_no_link_then_nothing_is_told_later() -> None:
    buffer = SendBuffer()
    buffer.push(_video(0, key=True, layer=1))
    buffer.change_tracks(_change(0))
    assert buffer.open() == frozenset()
    assert _drain(buffer) == []


def test_queued_when_a_change_waits_then_only_pictures_count() -> None:
    buffer = _opened()
    buffer.change_tracks(_change(0))
    assert buffer.queued_us == 0
    buffer.push(_video(0, key=True))
    buffer.push(_video(100))
    buffer.change_tracks(_change(0))
    assert buffer.queued_us == 100_000


def test_can_carry_when_a_layer_has_not_begun_then_only_its_keyframe() -> None:
    buffer = SendBuffer()
    assert not buffer.can_carry(_audio(0))
    buffer.open()
    assert buffer.can_carry(_audio(0))
    assert buffer.can_carry(_video(0, key=True))
    assert not buffer.can_carry(_video(33))
    buffer.push(_video(0, key=True))
    assert buffer.can_carry(_video(33))
    assert not buffer.can_carry(_video(33, layer=1))


def test_take_over_when_another_link_is_lost_then_its_young_pictures_go_ahead_in_order() -> None:
    lost, left = _opened(), _opened()
    for buffer in (lost, left):
        buffer.push(_video(0, key=True))
    _drain(left)
    for pts_ms in (33, 66, 99):
        lost.push(_video(pts_ms))
    left.push(_video(133))
    unacknowledged = [_video(-2_000), _video(-10)]
    left.take_over([*unacknowledged, *lost.close(is_handed_over=True)])
    assert [one.pts_us for one in _drain(left) if isinstance(one, MediaPacket)] == [
        -10_000, 0, 33_000, 66_000, 99_000, 133_000,
    ]  # fmt: skip
    assert left.queued_bytes == 0
    assert lost.dropped["no_link"] == 0


def test_take_over_when_much_comes_then_it_is_no_sign_of_this_link() -> None:
    left = _opened()
    left.push(_video(0, key=True))
    _drain(left)
    left.take_over([_video(pts_ms) for pts_ms in range(33, 933, 33)])
    left.push(_video(933))
    left.push(_video(966))
    assert left.queued_us == 33_000
    for _ in range(10):
        left.pop()
    assert left.queued_us == 33_000
    left.push(_video(2_000))
    assert left.dropped["slow_link"] > 0, "what is its own counts as ever"


def test_take_over_when_a_change_of_tracks_waits_then_it_is_told_first() -> None:
    lost, left = _opened(), _opened()
    for buffer in (lost, left):
        buffer.push(_video(0, key=True))
        buffer.change_tracks(_change(0, 1))
    lost.push(_video(33, key=True, layer=1))
    left.take_over(lost.give_over())
    first, *others = _drain(left)
    assert isinstance(first, TrackChange)
    assert [one.layer for one in others if isinstance(one, MediaPacket)] == [0, 1, 0]
    assert _drain(lost) == [_change(0, 1)]
    assert lost.queued_bytes == 0


def test_close_when_nobody_takes_over_then_what_waited_counts_as_lost() -> None:
    buffer = _opened()
    buffer.push(_video(0, key=True))
    buffer.push(_audio(0))
    buffer.close()
    assert buffer.dropped["no_link"] == 2
