"""Picture and sound of one room as a viewer has them: watched again and again, as long as it runs.

What becomes of it is told in changes of the room's state, which also holds what the viewer chose.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from app.errors import MediaFailed, RelayRefused, RelayUnreachable
from app.live.watching import PictureSink, WatchHooks, Watching, monotonic_us
from app.media.playback.chosen_output import ChosenOutput, OutputState
from app.net.reconnect import is_final
from app.settings import WatchSettings
from app.state import room as state
from wire import command_base, event_base, media_commands, room_commands, room_events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from wire.ids import RoomId

_Answer = TypeVar("_Answer", bound=event_base.Answer)

MEASURE_INTERVAL_S: Final = 0.5
RETRY_S: Final = 1.0

MakeOutput = Callable[[str, Callable[[OutputState], None]], ChosenOutput]
"""From the chosen device's name and what to call with each change."""


class Control(Protocol):
    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...

    def relay_settings(self) -> tuple[str, str | None]: ...


class RoomMedia:
    """On the session's loop."""

    def __init__(
        self,
        control: Control,
        room_id: RoomId,
        *,
        joined: asyncio.Event,
        read_state: Callable[[], state.RoomState],
        apply: Callable[[state.Change], None],
        on_picture: PictureSink,
        random: Callable[[], float],
        unix_us: Callable[[], int],
        output_device: str,
        make_output: MakeOutput | None,
    ) -> None:
        """`joined` is set while one is a member: nothing is watched before."""
        self._control = control
        self._room_id = room_id
        self._joined = joined
        self._read_state = read_state
        self._apply = apply
        self._on_picture = on_picture
        self._random = random
        self._unix_us = unix_us
        self._output_device = output_device
        self._make_output = make_output or _make_output
        self._output: ChosenOutput | None = None
        self._loop = asyncio.get_running_loop()
        self._hurry = asyncio.Event()
        self._watching: Watching | None = None

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await self._joined.wait()
            self._hurry.clear()
            try:
                await self._watch()
            except (RelayUnreachable, MediaFailed):
                self._apply(state.LinkChanged("waiting"))
            except RelayRefused as error:
                self._apply(state.LinkChanged("ended"))
                if is_final(error.code) and error.code is not ErrorCode.TICKET_INVALID:
                    await self._hurry.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RETRY_S):
                    await self._hurry.wait()

    async def measure(self) -> None:
        """Beside `run`, until it is cancelled."""
        before: dict[str, Any] = {}
        while True:
            await asyncio.sleep(MEASURE_INTERVAL_S)
            if self._watching is None:
                continue
            now = self._watching.statistics()
            measured = _summarise(now, before, has_packets=self._watching.has_packets)
            self._apply(state.Measured(measured))
            before = now

    def stop(self) -> None:
        """What is watched now ends."""
        if self._watching is not None:
            self._watching.stop()

    def reconnect_now(self) -> None:
        self._hurry.set()
        if self._watching is not None:
            self._watching.reconnect_now()

    async def select_layer(
        self, layer: media_commands.LayerChoice, *, audio_only: bool, saves_data: bool
    ) -> None:
        if self._watching is not None:
            await self._watching.select_layer(layer, audio_only=audio_only, saves_data=saves_data)

    def set_delay_ms(self, delay_ms: int) -> None:
        if self._watching is not None:
            self._watching.set_delay_ms(delay_ms)

    def choose_output(self, device: str) -> None:
        """By its name, "" for the system's default. The room plays on."""
        self._output_device = device
        if self._output is not None:
            self._output.choose(device)

    def set_volume(self) -> None:
        """As the state has it."""
        if self._watching is None:
            return
        now = self._read_state()
        is_silent = now.is_muted or now.is_paused
        # Squared: the ear's idea of half as loud.
        self._watching.set_volume(0.0 if is_silent else now.volume**2)

    # --- within -------------------------------------------------------------------------------

    async def _watch(self) -> None:
        self._output = self._make_output(self._output_device, self._on_output)
        url, pin = self._control.relay_settings()
        chosen = self._read_state()
        watching = Watching(
            WatchSettings(
                relay=url,
                pin=pin,
                room=self._room_id,
                layer=chosen.layer_wish,
                audio_only=chosen.is_audio_only,
                saves_data=chosen.saves_data,
                delay_ms=chosen.delay_ms,
            ),
            random=self._random,
            unix_us=self._unix_us,
            on_notice=lambda _words: None,
            on_picture=self._on_picture,
            hooks=WatchHooks(
                on_event=self._apply,
                on_link=lambda link, _words: self._apply(state.LinkChanged(link)),
                request_ticket=self._request_ticket,
                output=self._output,
            ),
        )
        self._watching = watching
        self.set_volume()
        try:
            await watching.run()
        finally:
            self._watching = self._output = None

    def _on_output(self, output: OutputState) -> None:
        """On the output's thread."""
        routed = state.SoundRouted(output.kind, output.wanted, output.reason)
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._apply, routed)

    async def _request_ticket(self, room_id: RoomId) -> str:
        """A guest in a public room has none; with one, a house that is for its users lets one in.

        A public room also opens without, and so it works while the control link is cut.
        """
        now = self._read_state()
        is_public = now.room is None or now.room.privacy == "public"
        if is_public and now.role == "guest":
            return ""
        command = room_commands.RequestSubscribeTicket(id=0, room_id=room_id)
        try:
            return (await self._control.request(command, room_events.TicketIssued)).ticket
        except RelayUnreachable:
            if is_public:
                return ""
            raise


def _make_output(device: str, on_change: Callable[[OutputState], None]) -> ChosenOutput:
    return ChosenOutput(device, monotonic_us=monotonic_us, on_change=on_change)


def _summarise(
    now: dict[str, Any], before: dict[str, Any], *, has_packets: bool
) -> state.Statistics:
    def grown(name: str) -> float:
        return float(max(0, now[name] - before.get(name, now[name]))) / MEASURE_INTERVAL_S

    return state.Statistics(
        frames=now["frames"],
        frames_dropped=now["frames_dropped"],
        fps=grown("frames"),
        latency_ms=now["latency_now_ms"],
        delay_ms=now["target_delay_ms"],
        buffer_ms=now["buffer_ms"],
        jitter_ms=now["jitter_ms"],
        round_trip_ms=now["round_trip_ms"],
        decode_ms=now["decode_ms"]["p50"],
        av_offset_ms=now["av_offset_ms"]["p50"],
        rate_bps=grown("bytes") * 8,
        stalls=now["stalls"],
        relay_dropped=now["relay_video_dropped"],
        reconnects=now["reconnects"],
        layer=now["layer"],
        has_packets=has_packets,
    )
