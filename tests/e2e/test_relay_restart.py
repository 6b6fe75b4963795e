"""The relay dies without a goodbye; both ends come back by themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.programs import RelayProgram, start_livehouse, stop, wait_until

BACK_WITHIN_S = 10.0
WATCH_SECONDS = 18


@pytest.mark.slow
def test_relay_when_killed_and_started_again_then_publisher_and_viewer_are_back(
    tmp_path: Path,
) -> None:
    stats_file = tmp_path / "watch.json"
    relay = RelayProgram(tmp_path / "data")
    relay.start()
    to_room = ["--relay", relay.url, "--room", relay.room.id]
    publisher = start_livehouse(
        "publish", *to_room, "--source", "testcard:640x360", "--audio", "tone",
        publish_key=relay.room.publish_key, errors_to=tmp_path / "publish.log",
    )  # fmt: skip
    viewer = start_livehouse(
        "watch", *to_room, "--seconds", str(WATCH_SECONDS), "--stats-json", str(stats_file),
        errors_to=tmp_path / "watch.log",
    )  # fmt: skip
    try:
        wait_until(lambda: relay.metric("media_bytes_forwarded_total") > 0, 15, "forwarding")
        relay.kill()
        relay.start()
        wait_until(
            lambda: relay.metric("media_bytes_forwarded_total") > 0,
            BACK_WITHIN_S,
            "the return of publisher and viewer",
        )
        assert viewer.wait(WATCH_SECONDS + 20) == 0, (tmp_path / "watch.log").read_text()
    finally:
        codes = stop(publisher), stop(viewer)
        relay.stop()
    assert codes == (0, 0), (tmp_path / "publish.log").read_text()
    stats = json.loads(stats_file.read_text())
    assert stats["reconnects"] >= 1
    assert stats["stall_ms"] <= BACK_WITHIN_S * 1000
    assert stats["pts_order_violations"] == 0
    assert stats["frames"] >= (WATCH_SECONDS - BACK_WITHIN_S) * 30
