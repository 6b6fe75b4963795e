"""One round of the chat bench: a relay, a busy room, its viewers, and its picture beside."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from benchmarks.harness.chat_accounts import make_accounts
from benchmarks.harness.processes import BenchProcess, CoreSplit, machine_busy_s, running_relay
from benchmarks.harness.room_publisher import PUBLISH_KEY_VARIABLE
from wire import SUBSCRIBE_PATH, commands, media_commands
from wire.ids import RoomId

if TYPE_CHECKING:
    from benchmarks.harness.processes import RelayRoom

WARMUP_S: Final = 2.0
CONNECT_TIMEOUT_S: Final = 90.0
GRACE_S: Final = 30.0
PER_WRITER_MAX: Final = 0.8
"""Messages a second: the relay allows a viewer 1."""
WRITERS_MIN: Final = 20


class ChatRound(NamedTuple):
    rate: float
    """Messages a second into the room."""
    viewers: int
    connected: int
    relay_load: float
    """Share of its one core that the relay took."""
    memory_bytes: int
    others_load: float
    chat: dict[str, Any]
    """What the viewers measured, see chat_viewers.py."""
    media: dict[str, Any]
    """What those who watch the same relay's picture measured, see python_viewers.py."""

    @property
    def generator_load(self) -> float:
        return float(self.chat["cpu_s"] / self.chat["seconds"])

    def to_json(self) -> dict[str, Any]:
        return {**self._asdict(), "generator_load": round(self.generator_load, 3)}


def run_round(
    rate: float, viewers: int, seconds: float, media_viewers: int, cores: CoreSplit
) -> ChatRound:
    """Raises ProcessFailed when a part of it does not work."""
    writers = min(viewers, max(WRITERS_MIN, round(rate / PER_WRITER_MAX)))
    with ExitStack() as stack:
        room = stack.enter_context(
            running_relay(cores=cores.sender, prepare=partial(make_accounts, count=writers))
        )
        publisher = stack.enter_context(
            BenchProcess(
                "the publisher",
                [
                    *(sys.executable, "-m", "benchmarks.harness.room_publisher"),
                    *("--relay", room.url, "--room", room.room_id),
                ],
                cores=cores.load,
                env={PUBLISH_KEY_VARIABLE: room.publish_key},
            )
        )
        publisher.read_event("publishing")
        chat = _start(
            stack, "chat_viewers", room, cores, viewers, seconds, writers=writers, rate=rate
        )
        connected = chat.read_event("connected", CONNECT_TIMEOUT_S + GRACE_S)
        subscribe = commands.pack(media_commands.Subscribe(room_id=RoomId(room.room_id)))
        media = _start(
            stack,
            "python_viewers",
            room,
            cores,
            media_viewers,
            seconds,
            path=SUBSCRIBE_PATH,
            subscribe=subscribe,
        )
        media.read_event("connected", CONNECT_TIMEOUT_S)
        chat.tell()
        figures = _measure(room.process, chat, media, [chat, media, publisher], seconds)
        figures["chat"]["error"] = figures["chat"]["error"] or connected["error"]
        for process in (chat, media, publisher):
            process.close_input()
        publisher.read_event("published")
    return ChatRound(rate, viewers, connected["connected"], **figures)


def _start(  # what each generator is told
    stack: ExitStack,
    program: str,
    room: RelayRoom,
    cores: CoreSplit,
    viewers: int,
    seconds: float,
    **more: object,
) -> BenchProcess:
    address = urlsplit(room.url)
    options: dict[str, object] = {
        "host": address.hostname,
        "port": address.port,
        "viewers": viewers,
        "warmup": WARMUP_S,
        "seconds": seconds,
        **more,
    }
    if program == "chat_viewers":
        options["room"] = room.room_id
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, "-m", f"benchmarks.harness.{program}", *words]
    return stack.enter_context(BenchProcess(program.replace("_", " "), command, cores=cores.load))


def _measure(
    relay: BenchProcess,
    chat: BenchProcess,
    media: BenchProcess,
    others: list[BenchProcess],
    seconds: float,
) -> dict[str, Any]:
    chat.read_event("measuring", WARMUP_S + GRACE_S)
    media.read_event("measuring", WARMUP_S + GRACE_S)
    ours = [relay, *others]
    began_mono_s, cpu_s = time.monotonic(), relay.cpu_s()
    ours_cpu_s, machine_cpu_s = sum(one.cpu_s() for one in ours), machine_busy_s()
    media_measured = media.read_event("measured", seconds + GRACE_S)
    elapsed_s = time.monotonic() - began_mono_s
    cpu_s = relay.cpu_s() - cpu_s
    machine_cpu_s = machine_busy_s() - machine_cpu_s
    ours_cpu_s = sum(one.cpu_s() for one in ours) - ours_cpu_s
    return {
        "relay_load": round(cpu_s / elapsed_s, 3),
        "memory_bytes": relay.memory_bytes(),
        "others_load": round(max(0.0, machine_cpu_s - ours_cpu_s) / elapsed_s, 2),
        "chat": chat.read_event("measured", seconds + GRACE_S),
        "media": media_measured,
    }
