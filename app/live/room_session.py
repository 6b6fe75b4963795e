"""One room as a viewer has it: membership, chat, picture and sound, and what became of them.

Media and chat have sockets of their own, and either may be cut while the other goes on. What is
live is told by both; the media socket is believed while it stands, because its word comes in step
with the packets.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from app.errors import LivehouseError, MediaFailed, RelayRefused, RelayUnreachable
from app.live import keeping
from app.live.like_sender import LikeSender
from app.live.own_sanctions import read_own_sanctions
from app.live.round_player import RoundPlayer
from app.live.watching import PictureSink, WatchHooks, Watching, monotonic_us
from app.media.playback.chosen_output import ChosenOutput, OutputState
from app.net.address import parse_relay_address
from app.net.reconnect import is_final
from app.net.thumbnails import fetch_thumbnail
from app.settings import WatchSettings
from app.state import room as state
from app.state.keeping import ActsListed
from app.state.room_lead import Followed
from wire import (
    account_commands,
    chat_commands,
    chat_events,
    command_base,
    event_base,
    events,
    media_commands,
    order_events,
    room_commands,
    room_events,
    round_events,
)
from wire.errors import ErrorCode
from wire.ids import MessageId

if TYPE_CHECKING:
    from wire.ids import RoomId
    from wire.order_commands import SanctionKind

_Answer = TypeVar("_Answer", bound=event_base.Answer)

STATE_INTERVAL_S: Final = 0.05
"""At most twenty states a second, whatever happens in the room."""
MEASURE_INTERVAL_S: Final = 0.5
RETRY_S: Final = 1.0
SANCTION_CODES: Final[dict[SanctionKind, ErrorCode]] = {
    "mute": ErrorCode.MUTED,
    "kick": ErrorCode.KICKED,
    "ban": ErrorCode.BANNED,
}

_BroadcastEvent = (
    room_events.BroadcastStarted
    | room_events.BroadcastAway
    | room_events.BroadcastResumed
    | room_events.BroadcastEnded
    | room_events.TracksChanged
)


MakeOutput = Callable[[str, Callable[[OutputState], None]], ChosenOutput]
"""From the chosen device's name and what to call with each change."""


class Control(Protocol):
    """What a room needs of the relay's control link."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...

    def relay_settings(self) -> tuple[str, str | None]:
        """Address and pin, for media."""

    def own_user_id(self) -> str:
        """Empty for a guest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSinks:
    """Where a session's news goes. Pictures come on the presenting thread, the rest on the loop."""

    on_state: Callable[[state.RoomState], None]
    on_danmaku: Callable[[event_base.DanmakuPosted], None]
    on_picture: PictureSink


class RoomSession:
    """Made, run and stopped on one asyncio loop. `begin` carries volume and delay along."""

    def __init__(
        self,
        control: Control,
        room_id: RoomId,
        *,
        begin: state.RoomState,
        sinks: RoomSinks,
        random: Callable[[], float],
        unix_us: Callable[[], int],
        passphrase: str = "",
        invite: str = "",
        output_device: str = "",
        make_output: MakeOutput | None = None,
    ) -> None:
        self._control = control
        self._room_id = room_id
        self._sinks = sinks
        self._random = random
        self._unix_us = unix_us
        self._passphrase = passphrase
        self._invite = invite
        self._output_device = output_device
        self._make_output = make_output or _make_output
        self._output: ChosenOutput | None = None
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._joined = asyncio.Event()
        self._rejoin = asyncio.Event()
        self._hurry = asyncio.Event()
        self._watching: Watching | None = None
        self._likes = LikeSender(control, room_id)
        self.rounds = RoundPlayer(control, room_id, self._apply)
        self._errands: set[asyncio.Task[None]] = set()
        self._own_pending = 0
        """One's own texts that fly already and whose message is still to come."""
        self._post_due: asyncio.TimerHandle | None = None
        self._posted_at_s = 0.0
        self.state = begin.apply(state.Opened(room_id))

    async def run(self) -> None:
        """Until `stop`. Whatever fails is in the state."""
        self._post()
        works: tuple[Coroutine[Any, Any, None], ...] = (
            self._stay_joined(),
            self._run_media(),
            self._measure(),
        )
        tasks = {self._loop.create_task(work) for work in works}
        stopping = self._loop.create_task(self._await_stop())
        try:
            done, _ = await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if self._watching is not None:
                self._watching.stop()
        finally:
            for task in (*tasks, stopping):
                task.cancel()
            await asyncio.gather(*tasks, stopping, return_exceptions=True)
            self._likes.stop()
            for errand in self._errands:
                errand.cancel()
            if self._post_due is not None:
                self._post_due.cancel()
            await self._leave()
        for task in done:
            task.result()

    def stop(self) -> None:
        """On the loop."""
        self._stopping.set()

    def on_room_event(self, event: events.RoomEvent) -> None:
        """From the control link. On the loop."""
        room_id = getattr(event, "room_id", None)
        if room_id not in {None, self._room_id}:
            return
        if isinstance(event, _BroadcastEvent) and self.state.link == "connected":
            return
        self._apply(event)
        if isinstance(event, round_events.DrawClosed):
            self._begin_check()
        if isinstance(event, order_events.SanctionImposed | order_events.SanctionLifted):
            self._on_sanction(event)
        if isinstance(event, order_events.ActRecorded) and self._has_another_role(event.act):
            self._joined.clear()
            self._rejoin.set()
        if isinstance(event, event_base.DanmakuPosted):
            if event.user_id == self._control.own_user_id() and self._own_pending:
                self._own_pending -= 1
                return
            self._sinks.on_danmaku(event)

    def on_control_link(self, *, is_up: bool) -> None:
        """The control link came or went; membership ended with the old one. On the loop."""
        self._joined.clear()
        if is_up:
            self._rejoin.set()
            self.reconnect_now()  # the relay is there: media need not wait out its delay

    # --- what the user does -------------------------------------------------------------------

    async def send(
        self,
        text: str,
        *,
        mode: command_base.DanmakuMode,
        color: int,
        size: command_base.DanmakuSize = "normal",
        reply_to: str = "",
    ) -> str:
        """The message's id; empty where it was refused: the state holds why."""
        self._apply(state.SendBegun(text))
        self._own_pending += 1
        command = chat_commands.SendDanmaku(
            id=0,
            room_id=self._room_id,
            text=text,
            mode=mode,
            color=color,
            size=size,
            reply_to=MessageId(reply_to) if reply_to else None,
        )
        ended = state.SendEnded()
        message_id = ""
        try:
            accepted = await self._control.request(command, chat_events.DanmakuAccepted)
            message_id = accepted.message_id
            ended = state.SendEnded(is_held=accepted.is_held)
        except RelayRefused as error:
            retry_at = None
            if error.retry_after_ms is not None:
                retry_at = _mono_ms() + error.retry_after_ms
            ended = state.SendEnded(error.code, error.message, retry_at)
        except LivehouseError as error:
            ended = state.SendEnded(ErrorCode.TIMED_OUT, error.message)
        if ended.code is not None:
            self._own_pending = max(0, self._own_pending - 1)
        self._apply(ended)
        if ended.code in SANCTION_CODES.values():
            self._read_sanctions()
        return message_id

    async def lead(self, command: command_base.Command) -> None:
        """Following, and all that keeps a room in order. Raises LivehouseError."""
        answer = await keeping.ask(self._control, command)
        if isinstance(answer, order_events.ActList):
            self._apply(ActsListed(answer.acts))
        if isinstance(command, account_commands.FollowUser):
            self._apply(Followed(command.is_following))

    async def choose_quality(
        self, layer: media_commands.LayerChoice, *, audio_only: bool, saves_data: bool
    ) -> None:
        self._apply(state.QualityChosen(layer, audio_only, saves_data))
        if self._watching is not None:
            await self._watching.select_layer(layer, audio_only=audio_only, saves_data=saves_data)

    async def fetch_cover(self, broadcast_id: str) -> bytes:
        """A small picture of what is live, for the slate of somebody who saw none; empty without.

        Raises LivehouseError where no relay is chosen.
        """
        url, pin = self._control.relay_settings()
        return await fetch_thumbnail(parse_relay_address(url, pin=pin), broadcast_id) or b""

    def choose_delay(self, delay_ms: int) -> None:
        self._apply(state.DelayChosen(delay_ms))
        if self._watching is not None:
            self._watching.set_delay_ms(delay_ms)

    def choose_sound(self, volume: float, *, is_muted: bool) -> None:
        self._apply(state.SoundChosen(volume, is_muted))
        self._set_volume()

    def choose_output(self, device: str) -> None:
        """By its name, "" for the system's default. The room plays on."""
        self._output_device = device
        if self._output is not None:
            self._output.choose(device)

    def choose_pause(self, *, is_paused: bool) -> None:
        """The picture stands and the sound is silent; going on is going on live."""
        self._apply(state.PauseChosen(is_paused))
        self._set_volume()

    def like(self) -> None:
        """One tap of the heart."""
        self._likes.tap()

    def reconnect_now(self) -> None:
        self._hurry.set()
        if self._watching is not None:
            self._watching.reconnect_now()

    # --- within -------------------------------------------------------------------------------

    async def _await_stop(self) -> None:
        await self._stopping.wait()

    async def _stay_joined(self) -> None:
        while True:
            self._rejoin.clear()
            await self._join()
            await self._rejoin.wait()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        errand = self._loop.create_task(work)
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    def _read_sanctions(self) -> None:
        self._start(
            read_own_sanctions(
                self._control, self._room_id, now_mono_ms=_mono_ms, apply=self._apply
            )
        )

    def _has_another_role(self, act: order_events.ActInfo) -> bool:
        """Joining again tells which one."""
        is_own = act.user is not None and act.user.user_id == self._control.own_user_id()
        is_new_keeper = not self.state.kept.is_keeper and self.state.phase == "joined"
        return (is_own and act.action == "set_moderator") or is_new_keeper

    def _on_sanction(
        self, event: order_events.SanctionImposed | order_events.SanctionLifted
    ) -> None:
        """Of others it is told for the record; who is kicked or banned oneself is out at once."""
        sanction = event.sanction
        if sanction.user.user_id != self._control.own_user_id():
            return
        if sanction.room_id not in {None, self._room_id}:
            return
        self._read_sanctions()
        if isinstance(event, order_events.SanctionLifted):
            self._rejoin.set()
        elif sanction.kind != "mute":
            self._joined.clear()
            self._apply(state.JoinRefused(SANCTION_CODES[sanction.kind], sanction.reason))
            if self._watching is not None:
                self._watching.stop()

    async def _join(self) -> None:
        command = room_commands.JoinRoom(
            id=0, room_id=self._room_id, passphrase=self._passphrase, invite=self._invite
        )
        while not self._joined.is_set():
            wait_s = RETRY_S
            try:
                answer = await self._control.request(command, room_events.RoomJoined)
            except RelayRefused as error:
                if is_final(error.code):
                    self._apply(state.JoinRefused(error.code, error.message))
                    if error.code in SANCTION_CODES.values():
                        self._read_sanctions()
                    return
                wait_s = max(wait_s, (error.retry_after_ms or 0) / 1000)
            except LivehouseError:
                pass
            else:
                self._apply(state.Joined(answer))
                self._joined.set()
                if self.state.rounds.needs_check:
                    self._begin_check()
                return
            await asyncio.sleep(wait_s)

    def _begin_check(self) -> None:
        """Of a draw that is over."""
        self._start(self.rounds.check(self.state.rounds, self._control.own_user_id()))

    async def _leave(self) -> None:
        if self._joined.is_set():
            command = room_commands.LeaveRoom(id=0, room_id=self._room_id)
            with contextlib.suppress(LivehouseError):
                await self._control.request(command, events.Ok)

    async def _run_media(self) -> None:
        while True:
            await self._joined.wait()
            self._hurry.clear()
            try:
                await self._watch()
            except (RelayUnreachable, MediaFailed) as error:
                self._apply(state.LinkChanged("waiting", error.message))
            except RelayRefused as error:
                self._apply(state.LinkChanged("ended", error.message))
                if is_final(error.code) and error.code is not ErrorCode.TICKET_INVALID:
                    await self._hurry.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RETRY_S):
                    await self._hurry.wait()

    async def _watch(self) -> None:
        self._output = self._make_output(self._output_device, self._on_output)
        url, pin = self._control.relay_settings()
        watching = Watching(
            WatchSettings(
                relay=url,
                pin=pin,
                room=self._room_id,
                layer=self.state.layer_wish,
                audio_only=self.state.is_audio_only,
                saves_data=self.state.saves_data,
                delay_ms=self.state.delay_ms,
            ),
            random=self._random,
            unix_us=self._unix_us,
            on_notice=lambda _words: None,
            on_picture=self._sinks.on_picture,
            hooks=WatchHooks(
                on_event=self._apply,
                on_link=lambda link, words: self._apply(state.LinkChanged(link, words)),
                request_ticket=self._request_ticket,
                output=self._output,
            ),
        )
        self._watching = watching
        self._set_volume()
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
        is_public = self.state.room is None or self.state.room.privacy == "public"
        if is_public and self.state.role == "guest":
            return ""
        command = room_commands.RequestSubscribeTicket(id=0, room_id=room_id)
        try:
            return (await self._control.request(command, room_events.TicketIssued)).ticket
        except RelayUnreachable:
            if is_public:
                return ""
            raise

    def _set_volume(self) -> None:
        if self._watching is None:
            return
        is_silent = self.state.is_muted or self.state.is_paused
        # Squared: the ear's idea of half as loud.
        self._watching.set_volume(0.0 if is_silent else self.state.volume**2)

    async def _measure(self) -> None:
        before: dict[str, Any] = {}
        while True:
            await asyncio.sleep(MEASURE_INTERVAL_S)
            if self._watching is None:
                continue
            now = self._watching.statistics()
            measured = _summarise(now, before, has_packets=self._watching.has_packets)
            self._apply(state.Measured(measured))
            before = now

    def _apply(self, change: state.Change) -> None:
        before, self.state = self.state, self.state.apply(change)
        if self._post_due is None and self.state != before:
            wait_s = max(0.0, self._posted_at_s + STATE_INTERVAL_S - self._loop.time())
            self._post_due = self._loop.call_later(wait_s, self._post)

    def _post(self) -> None:
        self._post_due = None
        self._posted_at_s = self._loop.time()
        self._sinks.on_state(self.state)


def _mono_ms() -> int:
    return time.monotonic_ns() // 1_000_000


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
        bytes_received=now["bytes"],
        rate_bps=grown("bytes") * 8,
        stalls=now["stalls"],
        relay_dropped=now["relay_video_dropped"],
        reconnects=now["reconnects"],
        layer=now["layer"],
        has_packets=has_packets,
    )
