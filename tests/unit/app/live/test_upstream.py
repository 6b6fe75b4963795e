"""What becomes of the looks at uplink and encoders: runs, notices, a status."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from app.live.upstream import COURSE_S, LOOK_S, Upstream
from app.media.encode.layer_plan import LayerRun, whole
from app.media.encode.layers import LADDER, parse_layers
from app.media.publish_stats import PublishStats
from app.net.uplink_stats import PublishLinkStats, SocketFill

WELL = PublishLinkStats(
    queued_ms=0.0,
    queued_bytes=0,
    unacknowledged_ms=0.0,
    round_trip_ms=5.0,
    packets_sent=0,
    bytes_sent=0,
    subscribers=1,
    dropped={},
    received_bps=3_000_000.0,
)
FULL = replace(WELL, queued_ms=400.0, queued_bytes=20_000, received_bps=1_000_000.0)


class FakeClient:
    def __init__(self) -> None:
        self.link = WELL
        self.fill = SocketFill()

    def socket_fill(self) -> SocketFill:
        return self.fill

    def stats(self) -> PublishLinkStats:
        return self.link

    def drop_pictures(self) -> None:
        self.link = replace(self.link, queued_bytes=0)


@dataclass
class FakePipeline:
    runs: tuple[LayerRun, ...]
    frame_rate: float = 30.0
    changes: list[tuple[LayerRun, ...]] = field(default_factory=list)
    captured: int = 0
    dropped: int = 0

    keyframes_asked: int = 0

    def request_keyframe(self) -> None:
        self.keyframes_asked += 1

    def change_layers(self, runs: tuple[LayerRun, ...]) -> None:
        self.changes.append(tuple(runs))

    def stats(self) -> PublishStats:
        return PublishStats(
            frames_captured=self.captured,
            frames_encoded=0,
            frames_dropped={"encoder_slow": self.dropped},
            fps=30.0,
            encode_ms_p50=1.0,
            encode_ms_p95=1.0,
            bytes=0,
            encoders=(),
            audio_packets=0,
            audio_bytes=0,
            audio_blocks=0,
            audio_blocks_lost=0,
            audio_samples_lost=0,
            video_source="running",
            audio_source="running",
        )


class Broadcast:
    """Time goes in looks; thirty pictures a second are captured."""

    def __init__(self, layers: str = LADDER, *, follows_machine: bool = True) -> None:
        self.notices: list[str] = []
        specs = parse_layers(layers)
        self.client = FakeClient()
        self.pipeline = FakePipeline(whole(specs))
        self.upstream = Upstream(
            self.pipeline,  # type: ignore[arg-type] # all that is used of it
            self.client,  # type: ignore[arg-type] # the same
            specs,
            has_sound=True,
            follows_machine=follows_machine,
            on_notice=self.notices.append,
        )
        self.now_s = 100.0

    def run(
        self,
        seconds: float,
        *,
        lost_share: float = 0.0,
        is_connected: bool = True,
        woken_late_s: float = 0.0,
    ) -> None:
        for _ in range(round(seconds / (LOOK_S + woken_late_s))):
            self.now_s += LOOK_S + woken_late_s
            self.pipeline.captured += 3
            self.pipeline.dropped += round(3 * lost_share * 3)
            self.upstream.look(self.now_s, is_connected=is_connected)


def test_upstream_when_the_uplink_is_full_then_layers_go_and_the_user_is_told_once() -> None:
    broadcast = Broadcast()
    broadcast.run(2)
    assert broadcast.pipeline.changes == []
    broadcast.client.link = FULL
    broadcast.run(0.5)
    (runs,) = broadcast.pipeline.changes
    assert [run.layer for run in runs] == [0]
    status = broadcast.upstream.status()
    assert status.is_narrowed
    assert (status.reason, status.layers, status.layers_chosen) == ("uplink_narrow", runs, 3)
    assert status.link_bps == 1_000_000
    assert broadcast.notices == ["the uplink is too narrow: the picture gets 718 of 3500 kbit/s"]


def test_upstream_when_what_waits_would_take_the_narrow_link_long_then_it_is_not_sent() -> None:
    broadcast = Broadcast()
    broadcast.run(2)
    broadcast.client.link = replace(FULL, queued_bytes=100_000)
    broadcast.run(0.5)
    assert broadcast.client.link.queued_bytes == 0
    assert broadcast.pipeline.keyframes_asked == 1
    broadcast = Broadcast()
    broadcast.run(2)
    broadcast.client.link = replace(FULL, queued_bytes=60_000)
    broadcast.run(0.5)
    assert broadcast.pipeline.keyframes_asked == 0


def test_upstream_when_the_uplink_is_well_again_then_all_comes_back_and_it_is_said() -> None:
    broadcast = Broadcast()
    broadcast.run(2)
    broadcast.client.link = FULL
    broadcast.run(0.5)
    broadcast.client.link = WELL
    broadcast.run(60)
    assert broadcast.pipeline.changes[-1] == whole(parse_layers(LADDER))
    status = broadcast.upstream.status()
    assert not status.is_narrowed
    assert status.narrowed == 1
    assert [decision.reason for decision in status.decisions][:2] == [
        "uplink_narrow",
        "uplink_drained",
    ]
    assert broadcast.notices[1:] == ["the uplink is wide enough again: the picture is as chosen"]


def test_upstream_when_there_is_no_link_then_nothing_is_judged() -> None:
    broadcast = Broadcast()
    broadcast.run(2)
    broadcast.client.link = FULL
    broadcast.run(10, is_connected=False)
    assert broadcast.pipeline.changes == []
    broadcast.client.link = WELL
    broadcast.run(5)
    assert broadcast.notices == []


def test_upstream_when_encoders_are_too_slow_then_a_layer_goes_and_comes_back() -> None:
    broadcast = Broadcast()
    broadcast.run(3)
    broadcast.run(5, lost_share=0.4)
    assert [run.layer for run in broadcast.pipeline.changes[-1]] == [0, 2]
    status = broadcast.upstream.status()
    assert status.is_cpu_short
    assert not status.is_narrowed
    assert broadcast.notices == ["the encoders are too slow: fewer qualities are sent"]
    broadcast.run(40)
    assert broadcast.pipeline.changes[-1] == whole(parse_layers(LADDER))
    assert not broadcast.upstream.status().is_cpu_short
    assert broadcast.notices[1:] == ["all qualities are sent again"]


def test_upstream_when_the_layers_were_named_then_slow_encoders_take_none_away() -> None:
    broadcast = Broadcast(follows_machine=False)
    broadcast.run(3)
    broadcast.run(10, lost_share=0.4)
    assert broadcast.pipeline.changes == []
    assert broadcast.notices == []


def test_upstream_course_then_keeps_the_worst_of_each_half_second() -> None:
    broadcast = Broadcast("720p")
    broadcast.run(1)
    broadcast.client.link = replace(WELL, late_ms=150.0)
    broadcast.run(0.1)
    broadcast.client.link = WELL
    broadcast.run(2)
    course = broadcast.upstream.status().course
    assert max(point.late_ms for point in course) == 150.0
    assert len(course) == pytest.approx(3.1 / COURSE_S, abs=2)
    assert all(point.height == 720 for point in course)


def test_upstream_when_the_computer_is_too_busy_then_the_uplink_is_not_blamed_nor_lowered() -> None:
    broadcast = Broadcast()
    broadcast.run(2)
    broadcast.run(1, woken_late_s=0.1)
    broadcast.client.link = FULL
    broadcast.run(20, woken_late_s=0.1)
    status = broadcast.upstream.status()
    assert status.is_starved
    assert (status.bit_rate_bps, status.narrowed) == (status.cap_bps, 0)
    assert broadcast.pipeline.changes == []
    (notice,) = broadcast.notices
    assert "too busy" in notice
    broadcast.client.link = WELL
    broadcast.run(10)
    assert not broadcast.upstream.status().is_starved
    assert len(broadcast.notices) == 1


def test_upstream_when_the_link_is_full_too_then_a_busy_computer_does_not_hide_it() -> None:
    broadcast = Broadcast()
    broadcast.run(2)
    broadcast.run(1, woken_late_s=0.1)
    broadcast.client.link = FULL
    broadcast.client.fill = SocketFill(refused_bytes=20_000, unacknowledged_bytes=17_000)
    broadcast.run(1, woken_late_s=0.1)
    status = broadcast.upstream.status()
    assert not status.is_starved
    assert (status.is_narrowed, status.reason) == (True, "uplink_narrow")


def test_upstream_when_there_was_no_link_for_long_then_the_computer_is_not_blamed_for_it() -> None:
    broadcast = Broadcast()
    broadcast.run(2)
    broadcast.run(1, is_connected=False)
    broadcast.now_s += 20
    broadcast.run(1)
    assert not broadcast.upstream.status().is_starved
