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

from app.errors import LivehouseError, RelayRefused
from app.live import keeping
from app.live.like_sender import LikeSender
from app.live.own_sanctions import read_own_sanctions
from app.live.room_media import MakeOutput, RoomMedia
from app.live.round_player import RoundPlayer
from app.net.address import parse_relay_address
from app.net.reconnect import is_final
from app.net.thumbnails import fetch_thumbnail
from app.state import room as state
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
    from app.live.watching import PictureSink
    from wire.ids import RoomId
    from wire.order_commands import SanctionKind

_Answer = TypeVar("_Answer", bound=event_base.Answer)

STATE_INTERVAL_S: Final = 0.05
"""At most twenty states a second, whatever happens in the room."""
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
        self._passphrase = passphrase
        self._invite = invite
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._joined = asyncio.Event()
        self._rejoin = asyncio.Event()
        self._media = RoomMedia(
            control,
            room_id,
            joined=self._joined,
            read_state=lambda: self.state,
            apply=self._apply,
            on_picture=sinks.on_picture,
            random=random,
            unix_us=unix_us,
            output_device=output_device,
            make_output=make_output,
        )
        self._likes = LikeSender(control, room_id)
        self.rounds = RoundPlayer(control, room_id, self._apply)
        self._errands: set[asyncio.Task[None]] = set()
        self._own_pending = 0
        """One's own texts that fly already and whose message is still to come."""
        self._post_due: asyncio.TimerHandle | None = None
        self._has_ended = False
        """Another room is shown, or none: nothing more is told of this one."""
        self._posted_at_s = 0.0
        self.state = begin.apply(state.Opened(room_id))

    async def run(self) -> None:
        """Until `stop`. Whatever fails is in the state."""
        self._post()
        works: tuple[Coroutine[Any, Any, None], ...] = (
            self._stay_joined(),
            self._media.run(),
            self._media.measure(),
        )
        tasks = {self._loop.create_task(work) for work in works}
        stopping = self._loop.create_task(self._await_stop())
        try:
            done, _ = await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
            self._media.stop()
        finally:
            for task in (*tasks, stopping):
                task.cancel()
            await asyncio.gather(*tasks, stopping, return_exceptions=True)
            self._likes.stop()
            for errand in self._errands:
                errand.cancel()
            self._has_ended = True
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
        await keeping.keep(self._control, command, self._apply)
        if isinstance(command, account_commands.FollowUser):
            self._apply(Followed(command.is_following))

    async def choose_quality(
        self, layer: media_commands.LayerChoice, *, audio_only: bool, saves_data: bool
    ) -> None:
        self._apply(state.QualityChosen(layer, audio_only, saves_data))
        await self._media.select_layer(layer, audio_only=audio_only, saves_data=saves_data)

    async def fetch_cover(self, broadcast_id: str) -> bytes:
        """A small picture of what is live, for the slate of somebody who saw none; empty without.

        Raises LivehouseError where no relay is chosen.
        """
        url, pin = self._control.relay_settings()
        return await fetch_thumbnail(parse_relay_address(url, pin=pin), broadcast_id) or b""

    def choose_delay(self, delay_ms: int) -> None:
        self._apply(state.DelayChosen(delay_ms))
        self._media.set_delay_ms(delay_ms)

    def choose_sound(self, volume: float, *, is_muted: bool) -> None:
        self._apply(state.SoundChosen(volume, is_muted))
        self._media.set_volume()

    def choose_output(self, device: str) -> None:
        """By its name, "" for the system's default. The room plays on."""
        self._media.choose_output(device)

    def choose_pause(self, *, is_paused: bool) -> None:
        """The picture stands and the sound is silent; going on is going on live."""
        self._apply(state.PauseChosen(is_paused))
        self._media.set_volume()

    def like(self) -> None:
        """One tap of the heart."""
        self._likes.tap()

    def reconnect_now(self) -> None:
        self._media.reconnect_now()

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
            self._media.stop()

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

    def _apply(self, change: state.Change) -> None:
        before, self.state = self.state, self.state.apply(change)
        if self._post_due is None and self.state != before and not self._has_ended:
            wait_s = max(0.0, self._posted_at_s + STATE_INTERVAL_S - self._loop.time())
            self._post_due = self._loop.call_later(wait_s, self._post)

    def _post(self) -> None:
        self._post_due = None
        self._posted_at_s = self._loop.time()
        self._sinks.on_state(self.state)


def _mono_ms() -> int:
    return time.monotonic_ns() // 1_000_000
