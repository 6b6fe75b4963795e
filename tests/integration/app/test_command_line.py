"""Bad input on the command line: one line, a documented exit code, never a traceback."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from app.settings import PUBLISH_KEY_VARIABLE
from tests.conftest import REPOSITORY
from tests.integration.app.fake_relay import PUBLISH_KEY, ROOM_NAME, running_relay

RELAY_TOKEN = "RELAY"


async def _run(*arguments: str, key: str | None = PUBLISH_KEY) -> tuple[int, str]:
    environment = {
        name: value for name, value in os.environ.items() if name != PUBLISH_KEY_VARIABLE
    }
    if key is not None:
        environment[PUBLISH_KEY_VARIABLE] = key
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        *arguments,
        cwd=REPOSITORY,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        _, stderr = await process.communicate()
    return process.returncode or 0, stderr.decode()


def _publish(*more: str, room: str = ROOM_NAME, source: str = "testcard") -> tuple[str, ...]:
    return ("publish", "--relay", RELAY_TOKEN, "--room", room, "--source", source, *more)


def _watch(*more: str, room: str = ROOM_NAME) -> tuple[str, ...]:
    return ("watch", "--relay", RELAY_TOKEN, "--room", room, "--seconds", "1", *more)


@pytest.mark.parametrize(
    ("arguments", "key", "code", "words"),
    [
        (_publish(), None, 2, PUBLISH_KEY_VARIABLE),
        (_publish(), "wrong", 4, "bad_credentials"),
        (_publish(source="bogus"), PUBLISH_KEY, 2, "unknown source"),
        (_publish(source="file:/no/such/film.mp4"), PUBLISH_KEY, 2, "/no/such/film.mp4"),
        (_publish("--layers", "9p"), PUBLISH_KEY, 2, "9p"),
        (_publish("--encoder", "magic"), PUBLISH_KEY, 2, "magic"),
        (_publish("--key-file", "/no/such/key"), PUBLISH_KEY, 2, "/no/such/key"),
        (_watch(room="nowhere"), None, 4, "nowhere"),
        (_watch("--layer", "best"), None, 2, "best"),
        (_watch("--record", "/no/such/folder/out.mkv"), None, 2, "out.mkv"),
        (_watch("--stats-json", "/no/such/folder/out.json"), None, 2, "out.json"),
        (_watch("--pin", "ab" * 32), None, 2, "wss"),
        (("watch", "--relay", "gopher://x", "--room", "r"), None, 2, "gopher"),
        (("watch", "--relay", "ws://127.0.0.1:1"), None, 2, "--room"),
        (("dance",), None, 2, "dance"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else None,
)
async def test_command_when_its_input_is_bad_then_one_line_says_so(
    arguments: tuple[str, ...], key: str | None, code: int, words: str
) -> None:
    async with running_relay() as relay:
        filled = [relay.url if argument == RELAY_TOKEN else argument for argument in arguments]
        exit_code, stderr = await _run(*filled, key=key)
    assert (exit_code, stderr.count("\n")) == (code, 1), stderr
    assert stderr.startswith("livehouse: ")
    assert words in stderr
    assert "Traceback" not in stderr


async def test_watch_when_nobody_listens_then_it_says_so_within_seven_seconds() -> None:
    async with running_relay() as relay:
        url = relay.url
    exit_code, stderr = await _run("watch", "--relay", url, "--room", "r")
    assert exit_code == 3
    assert stderr.count("\n") == 1
    assert "nothing listens there" in stderr


async def test_both_ends_when_a_test_card_is_sent_then_the_figures_are_whole(
    tmp_path: Path,
) -> None:
    published, watched = tmp_path / "publish.json", tmp_path / "watch.json"
    async with running_relay() as relay, asyncio.TaskGroup() as tasks:
        publish = ("publish", "--relay", relay.url, "--room", ROOM_NAME, "--source")
        sending = tasks.create_task(
            _run(*publish, "testcard:640x360", "--layers", "360p", "--seconds", "7",
                 "--stats-json", str(published))
        )  # fmt: skip
        await relay.has_published.wait()
        code, stderr = await _run(
            "watch", "--relay", relay.url, "--room", ROOM_NAME, "--seconds", "2",
            "--stats-json", str(watched), "--record", str(tmp_path / "out.mkv"),
        )  # fmt: skip
        assert code == 0, stderr
        code, stderr = await sending
        assert code == 0, stderr
        assert relay.has_ended.is_set()
    figures = json.loads(watched.read_text("utf-8"))
    # How many there may be at best is a bench's: another test may have the cores.
    assert figures["frames"] > 15
    assert figures["pts_order_violations"] == 0
    assert figures["first_picture_ms"] < 10_000
    assert figures["av_offset_ms"]["p99"] < 40
    assert json.loads(published.read_text("utf-8"))["pipeline"]["frames_encoded"] > 60
    assert list(tmp_path.glob(".*")) == [], "no temporary file is left"
