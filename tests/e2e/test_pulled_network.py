"""The relay falls silent, dies, or goes with its host, while one window is live and one watches."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from typing import TYPE_CHECKING

import cv2
import pytest

from app.live.invite_link import parse_invite_link
from app.media.capture.devices import list_cameras
from app.net.control_client import open_control
from tests.e2e.programs import LivehouseProgram, RelayProgram
from tests.e2e.sound_card import SoundCard, running_sound_card
from tests.support.desktop_process import DesktopProcess
from tests.support.first_minute import FirstMinute, first_minute, read_picture
from wire import event_base, room_commands, room_events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.sound,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform != "linux", reason="PulseAudio's null sinks, SIGSTOP"),
]

SILENT_S = 10.0
KNOWN_WITHIN_S = 5.0 + 1.0
"""The promise, and how long a look at a busy window may take."""
AWAY_WITHIN_S = 3.0 + 1.0
BACK_WITHIN_S = 20.0
"""Two seconds here; a busy machine is given more."""
LIT_MIN = 16
"""The mean brightness of a stage that is not black."""


@pytest.fixture(scope="module")
def card() -> Iterator[SoundCard]:
    if list_cameras():
        pytest.skip("there is a camera: nobody shall be filmed by a test")
    with running_sound_card() as card:
        yield card


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory, card: SoundCard) -> Iterator[FirstMinute]:
    """Live, watched, and Studio in sight: each test leaves it so, healed."""
    with first_minute(tmp_path_factory.mktemp("minute"), card) as minute:
        minute.open_house()
        minute.go_live()
        minute.invite()
        minute.join()
        minute.watch()
        yield minute


def test_relay_when_silent_for_10_s_then_both_windows_say_so_and_heal_by_themselves(
    minute: FirstMinute,
) -> None:
    before, relay = find_broadcast(minute), minute.host.find_relay()
    relay.send_signal(signal.SIGSTOP)
    began_s = time.monotonic()
    try:
        minute.guest.wait_for("The connection to the relay is lost", KNOWN_WITHIN_S)
        minute.host.wait_for("The relay cannot be reached", KNOWN_WITHIN_S)
        known_s = time.monotonic() - began_s
        assert minute.host.sees("your broadcast is kept")
        assert_slate(minute)
        time.sleep(SILENT_S - known_s)  # the length of the cut is what is tested
    finally:
        relay.send_signal(signal.SIGCONT)
    healed_s = assert_healed(minute)
    tell("silent relay", known_s=known_s, healed_s=healed_s)
    assert find_broadcast(minute) == before
    assert relay.is_running()
    assert minute.host.find_relay() == relay


def test_relay_when_killed_then_is_opened_again_and_the_same_broadcast_goes_on(
    minute: FirstMinute,
) -> None:
    before, relay = find_broadcast(minute), minute.host.find_relay()
    relay.kill()
    known_s = minute.guest.wait_for("The connection to the relay is lost", KNOWN_WITHIN_S)
    minute.host.wait_for("opened again by itself", KNOWN_WITHIN_S)
    assert_slate(minute)
    healed_s = assert_healed(minute)
    tell("killed relay", known_s=known_s, healed_s=healed_s)
    assert find_broadcast(minute) == before
    assert minute.host.find_relay().pid != relay.pid


def test_host_when_its_window_is_killed_then_the_guest_waits_and_sees_the_return(
    minute: FirstMinute,
) -> None:
    before = find_broadcast(minute)
    relay = minute.host.find_relay()
    minute.host.kill()
    known_s = minute.guest.wait_for("The connection to the relay is lost", AWAY_WITHIN_S)
    assert_slate(minute)
    relay.wait(15)  # goes by itself when its host is gone
    minute.host.start()
    # No camera opens by itself: the house is back, and Studio waits for a hand.
    minute.host.click("Studio")
    minute.host.wait_for("Mixer")
    minute.host.click("Go live")
    minute.wait_live(BACK_WITHIN_S)
    healed_s = assert_healed(minute)
    tell("killed host", known_s=known_s, healed_s=healed_s)
    assert find_broadcast(minute) == before


def test_publisher_when_killed_then_the_window_shows_the_slate_until_it_is_back(
    tmp_path: Path,
) -> None:
    with RelayProgram(tmp_path / "data") as relay:
        publisher = LivehouseProgram(
            "publish", "--relay", relay.url, "--room", relay.room.name, "--source", "testcard",
            "--audio", "none", publish_key=relay.room.publish_key, says_to=tmp_path / "publish.log",
        )  # fmt: skip
        link = f"livehouse://127.0.0.1:{relay.port}/{relay.room.name}"
        guest = DesktopProcess("the guest", tmp_path / "guest", arguments=("--join", link))
        with publisher, guest:
            minute = FirstMinute(guest, guest, tmp_path, tmp_path / "nothing")
            minute.see_moving()
            publisher.kill()
            known_s = guest.wait_for("The host will be right back", AWAY_WITHIN_S)
            assert_slate(minute)
            publisher.start()
            began_s = time.monotonic()
            minute.see_moving(BACK_WITHIN_S)
            tell("killed publisher", known_s=known_s, healed_s=time.monotonic() - began_s)
            assert not guest.sees("The host will be right back")


def assert_slate(minute: FirstMinute) -> None:
    """Neither black nor the test card, which stands still now."""
    minute.guest.wait_until(lambda: minute.read_stage() is None, "slate")
    stage = cv2.imread(str(minute.guest.grab(minute.folder / "slate.png", "Stage")))
    assert read_picture(cv2.cvtColor(stage, cv2.COLOR_BGR2GRAY)) is None
    assert stage.mean() > LIT_MIN


def assert_healed(minute: FirstMinute) -> float:
    """Without a click: picture, sound, words and chat. Returns how long the picture took."""
    began_s = time.monotonic()
    minute.see_moving(BACK_WITHIN_S)
    healed_s = time.monotonic() - began_s
    minute.hear(BACK_WITHIN_S)
    minute.wait_live(BACK_WITHIN_S)
    assert not minute.guest.sees("The connection to the relay is lost")
    words = f"back after {healed_s:.3f}"
    minute.host.click("Chat")
    minute.host.click("Say something")
    minute.host.type(words)
    minute.host.press("Return")
    minute.guest.wait_for(words, BACK_WITHIN_S)
    minute.host.wait_for(words, BACK_WITHIN_S)
    return healed_s


def find_broadcast(minute: FirstMinute) -> str:
    """The id of what is live now, as the relay tells anybody who has the link."""
    link = parse_invite_link(minute.link)

    async def ask() -> event_base.RoomInfo:
        async with open_control(link.address) as control:
            details = await control.request(
                room_commands.GetRoom(id=1, room=link.room), room_events.RoomDetails
            )
            return details.room

    broadcast = asyncio.run(ask()).broadcast
    assert broadcast is not None
    return broadcast.broadcast_id


def tell(what: str, **seconds: float) -> None:
    figures = ", ".join(f"{name} {value:.1f}" for name, value in seconds.items())
    sys.stdout.write(f"\n{what}: {figures}\n")
