"""The sending end of `/v1/publish`: packets from any thread, up one socket, or up two.

With a second way up (docs/protocol.md, two paths) keyframes and sound go over both and all other
pictures over the better one; the relay joins them by sequence. The first way is the one that says
`Publish`; where it is lost while the second stands, it joins again, and the broadcast never paused.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

import msgspec
from websockets.exceptions import ConnectionClosed

from app.errors import LivehouseError, RelayRefused, RelayUnreachable
from app.net.media_socket import (
    MEDIA_MESSAGE_BYTES_MAX,
    RelaySocket,
    explain_close,
    open_socket,
)
from app.net.path_choice import choose_path, find_silent
from app.net.send_buffer import TrackChange
from app.net.uplink_path import UplinkPath
from app.net.uplink_stats import PublishLinkStats, SocketFill, path_stats
from wire import PUBLISH_PATH, commands, events, media_commands, media_events, room_events
from wire.errors import ErrorCode
from wire.limits import PUBLISH_FEEDBACK_INTERVAL_MS
from wire.media_packet import Kind

if TYPE_CHECKING:
    from app.net.address import RelayAddress
    from app.net.send_buffer import DropCause
    from wire.ids import BroadcastId, RoomId
    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo

ANSWER_TIMEOUT_S: Final = 5.0
END_TIMEOUT_S: Final = 1.0
"""How long an orderly end may take to flush what waits."""
SECOND_RETRY_S: Final = 2.0
"""Between two tries of the second way: the broadcast does not wait for it."""
RETURN_S: Final = 1.0
"""Pictures do not go back sooner to the way that they left, while the other one stands: what is
sent again at each change is not to make two narrow ways narrower."""
FIRST, SECOND = 0, 1


class PublishClient:
    """One broadcast's uplink across any number of connections.

    `push` and `change_tracks` are called from the pipeline's threads and never block. Everything
    else runs on the loop.
    """

    def __init__(
        self,
        address: RelayAddress,
        *,
        on_keyframe_wanted: Callable[[int], None],
        on_event: Callable[[events.PublisherEvent], None],
    ) -> None:
        self._address = address
        self._on_keyframe_wanted = on_keyframe_wanted
        self._on_event = on_event
        self._lock = threading.Lock()
        self._loop = asyncio.get_running_loop()
        self._paths = [UplinkPath(self._lock, self._loop)]
        self._current = FIRST
        """The way of ordinary pictures. With the lock."""
        self._left_at_s = float("-inf")
        """When it was changed last."""
        self._feedback_s = PUBLISH_FEEDBACK_INTERVAL_MS / 1000
        """How often each way is acknowledged while there are two."""
        self._stopping = asyncio.Event()
        self._tracks: tuple[TrackInfo, ...] | None = None
        """The newest that `change_tracks` was given, and how often it was."""
        self._revision = 0
        self._accepted: media_events.PublishAccepted | None = None
        self._can_join = asyncio.Event()
        """The publisher that `_accepted` tells of is still there, as far as we know."""
        self.broadcast_id: BroadcastId | None = None

    @property
    def is_open(self) -> bool:
        """Whether anything can be sent now. Any thread."""
        return any(path.is_open for path in self._paths)

    def push(self, packet: MediaPacket) -> None:
        """Queue a packet, or drop it by the buffers' rule. Any thread; never blocks."""
        with self._lock:
            chosen = self._choose(packet)
            over_both = packet.kind is not Kind.VIDEO or packet.is_keyframe
            paths = [
                path
                for path in self._paths
                if path is chosen or (over_both and path.is_open and chosen.is_open)
            ]
            wanted = frozenset[int]()
            for path in paths:
                asked = path.buffer.push(packet)
                wanted = asked if path is chosen else wanted
        for path in paths:
            path.wake()
        for layer in wanted:
            self._on_keyframe_wanted(layer)

    def change_tracks(self, tracks: tuple[TrackInfo, ...]) -> None:
        """What is pushed from now on belongs to these. Any thread; never blocks."""
        with self._lock:
            self._tracks = tracks
            self._revision += 1
            for path in self._paths:
                path.buffer.change_tracks(TrackChange(tracks, self._revision))
        for path in self._paths:
            path.wake()

    def drop_pictures(self) -> None:
        """What waits would come too late to be worth anything; a keyframe must follow."""
        with self._lock:
            self._paths[self._current].buffer.drop_pictures()

    def stop(self) -> None:
        """End the broadcast in order: flush, say so, close. On the loop."""
        self._stopping.set()
        self._can_join.set()
        for path in self._paths:
            path.wake()

    def socket_fill(self) -> SocketFill:
        """Of the way of ordinary pictures. On the loop."""
        socket = self._paths[self._current].socket
        if socket is None:
            return SocketFill()
        return SocketFill(socket.refused_bytes(), socket.unacknowledged_bytes())

    def stats(self) -> PublishLinkStats:
        """Any thread."""
        with self._lock:
            chosen = self._paths[self._current]
            queued_us = chosen.buffer.queued_us
            queued_bytes = chosen.buffer.queued_bytes
            dropped: Counter[DropCause] = Counter()
            for path in self._paths:
                dropped.update(path.buffer.dropped)
            paths = tuple(path_stats(path) for path in self._paths)
        feedback = chosen.feedback
        behind_us = chosen.last_sent_pts_us - feedback.last_pts_us if feedback is not None else 0
        return PublishLinkStats(
            queued_ms=queued_us / 1000,
            queued_bytes=queued_bytes,
            unacknowledged_ms=max(0, behind_us) / 1000,
            round_trip_ms=paths[self._current].round_trip_ms,
            packets_sent=sum(path.packets_sent for path in paths),
            bytes_sent=sum(path.bytes_sent for path in paths),
            subscribers=feedback.subscribers if feedback is not None else 0,
            dropped=dict(dropped),
            late_ms=round(chosen.meter.late_ms, 1),
            received_bps=chosen.meter.received_bps,
            heard=chosen.meter.heard,
            paths=paths if len(paths) > 1 else (),
        )

    # --- connections ------------------------------------------------------------------------------

    async def run_session(
        self,
        *,
        room_id: RoomId,
        tracks: tuple[TrackInfo, ...],
        publish_key: str = "",
        ticket: str = "",
        on_accepted: Callable[[media_events.PublishAccepted], None],
    ) -> None:
        """One connection of the first way. Returns after an orderly end, raises when refused or
        lost."""
        if self._stopping.is_set():
            return
        async with open_socket(
            self._address, PUBLISH_PATH, message_bytes_max=MEDIA_MESSAGE_BYTES_MAX
        ) as socket:
            hello: media_commands.PublisherMessage = media_commands.Publish(
                room_id=room_id,
                tracks=tracks,
                publish_key=publish_key,
                ticket=ticket,
                broadcast_id=self.broadcast_id,
            )
            if self.is_open and self._accepted is not None and self._can_join.is_set():
                # The second way has carried on: the publisher is still there.
                hello = self._make_join(room_id, self._accepted, FIRST)
            try:
                accepted = await self._greet(socket, hello)
                on_accepted(accepted)
                await self._run_path(self._paths[FIRST], socket, tracks)
            except ConnectionClosed as closed:
                if self._stopping.is_set():
                    return
                raise explain_close(closed, self._address.url) from None

    async def run_second_path(
        self, room_id: RoomId, local_address: str, *, on_state: Callable[[bool, str], None]
    ) -> None:
        """A second way up from an address of this machine; until `stop`. The broadcast goes on
        without it: `on_state` is told whether it is open, else why not."""
        path = UplinkPath(self._lock, self._loop)
        with self._lock:
            self._paths.append(path)
        while not self._stopping.is_set():
            await self._can_join.wait()
            accepted = self._accepted
            if accepted is None or self._stopping.is_set():
                return
            try:
                async with open_socket(
                    self._address,
                    PUBLISH_PATH,
                    message_bytes_max=MEDIA_MESSAGE_BYTES_MAX,
                    local_address=local_address,
                ) as socket:
                    await self._greet(socket, self._make_join(room_id, accepted, SECOND))
                    on_state(True, "")
                    await self._run_path(path, socket, self._tracks or ())
            except LivehouseError as error:
                on_state(False, error.message)
            except ConnectionClosed as closed:
                on_state(False, explain_close(closed, self._address.url).message)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SECOND_RETRY_S):
                    await self._stopping.wait()

    def _make_join(
        self, room_id: RoomId, accepted: media_events.PublishAccepted, path: int
    ) -> media_commands.JoinPublishing:
        return media_commands.JoinPublishing(
            room_id=room_id, join_token=accepted.join_token, path=path
        )

    async def _greet(
        self, socket: RelaySocket, hello: media_commands.PublisherMessage
    ) -> media_events.PublishAccepted:
        """Returns what the publisher was told, by this connection or by the one before it."""
        await socket.send(commands.pack(hello))
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                while True:
                    event = _parse(await socket.recv())
                    if isinstance(event, media_events.PublishAccepted):
                        self._accepted = event
                        self.broadcast_id = event.broadcast_id
                        if event.join_token:
                            self._can_join.set()
                        return event
                    if isinstance(event, media_events.PathJoined) and self._accepted is not None:
                        self._feedback_s = event.feedback_interval_ms / 1000
                        return self._accepted
                    if isinstance(event, events.Error):
                        self._refuse(event, hello)
        except TimeoutError:
            raise RelayUnreachable(f"{self._address.url} does not answer") from None

    def _refuse(self, error: events.Error, hello: media_commands.PublisherMessage) -> None:
        if (
            isinstance(hello, media_commands.JoinPublishing)
            and error.code is ErrorCode.TICKET_INVALID
        ):
            # The publisher is gone from the relay, and `Publish` is the way back. The first way
            # may have been there meanwhile: then there is a new token already.
            is_newest = self._accepted is None or hello.join_token == self._accepted.join_token
            if is_newest and not self._stopping.is_set():
                self._can_join.clear()
            raise RelayUnreachable(f"{self._address.url} has forgotten this publisher")
        raise RelayRefused(error.code, error.message, retry_after_ms=error.retry_after_ms)

    async def _run_path(
        self, path: UplinkPath, socket: RelaySocket, announced: tuple[TrackInfo, ...]
    ) -> None:
        is_joining = self.is_open
        with self._lock:
            path.begin(socket)
            wanted = path.buffer.open(goes_on=is_joining)
            if self._tracks is not None and (is_joining or self._tracks != announced):
                # While the relay was greeted; or it may be that only the other way has told it.
                path.buffer.change_tracks(TrackChange(self._tracks, self._revision))
        for layer in () if is_joining else wanted:
            self._on_keyframe_wanted(layer)
        receiver = self._loop.create_task(self._receive(path, socket))
        sender = self._loop.create_task(path.send_all(socket, self._ends_over(path)))
        try:
            await asyncio.wait({receiver, sender}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (receiver, sender):
                task.cancel()
            outcomes = await asyncio.gather(receiver, sender, return_exceptions=True)
            self._lose(path)
        _raise_first(outcomes)

    def _ends_over(self, path: UplinkPath) -> Callable[[], bool | None]:
        """Whether the broadcast is over, None where this way needs not say so."""

        def ask() -> bool | None:
            if not self._stopping.is_set():
                return False
            is_said_here = path is self._paths[FIRST] or not self._paths[FIRST].is_open
            return True if is_said_here else None

        return ask

    def _lose(self, path: UplinkPath) -> None:
        """A way is gone: what it may not have carried goes over the other."""
        with self._lock:
            others = [other for other in self._paths if other is not path and other.is_open]
            left = path.end(is_handed_over=bool(others))
            for other in others:
                other.buffer.take_over(left)
        for other in others:
            other.wake()

    async def _receive(self, path: UplinkPath, socket: RelaySocket) -> None:
        is_first = path is self._paths[FIRST]
        while True:
            event = _parse(await socket.recv())
            if event is None:
                continue
            if isinstance(event, events.Error):
                raise RelayRefused(event.code, event.message, retry_after_ms=event.retry_after_ms)
            if isinstance(event, media_events.PublishFeedback):
                path.hear(event)
            elif isinstance(event, media_events.KeyframeRequested) and (
                # It comes over both, and one keyframe answers both.
                is_first or not self._paths[FIRST].is_open
            ):
                self._on_keyframe_wanted(event.layer)
            if is_first:
                self._on_event(event)
            if isinstance(event, room_events.BroadcastEnded):
                self.broadcast_id = None
                if is_first:
                    self._end(event)
                return

    def _end(self, event: room_events.BroadcastEnded) -> None:
        """The relay ended the broadcast: for good, or only its own part of it."""
        if event.reason in {"relay_stopped", "away_too_long"}:
            raise RelayUnreachable(f"{self._address.url} ended the broadcast: {event.reason}")
        if event.reason == "replaced":
            raise RelayRefused(ErrorCode.REPLACED, "a newer publisher took the room")
        if event.reason == "room_closed":
            raise RelayRefused(ErrorCode.ROOM_CLOSED, "the room was closed")

    def _choose(self, packet: MediaPacket) -> UplinkPath:
        """With the lock. A way that has not begun this layer cannot carry it on."""
        before = self._paths[self._current]
        if len(self._paths) > 1:
            now_s = time.monotonic()
            waiting = [
                path.waiting_ms if path.buffer.can_carry(packet) else None for path in self._paths
            ]
            silent = find_silent([path.overdue_s(now_s, self._feedback_s) for path in self._paths])
            if now_s - self._left_at_s < RETURN_S:
                silent |= {number for number in range(len(waiting)) if number != self._current}
            number = choose_path(self._current, waiting, silent)
            if number != self._current:
                if waiting[self._current] is not None:
                    # It may have swallowed what went into it, and what waits for it would too.
                    self._paths[number].buffer.take_over(before.hand_over())
                self._current, self._left_at_s = number, now_s
        return self._paths[self._current]


def _parse(message: str | bytes) -> events.PublisherEvent | None:
    """None for what we do not know: a newer relay may say more."""
    if isinstance(message, bytes):
        return None
    try:
        return events.parse_publisher(message)
    except msgspec.DecodeError:
        return None


def _raise_first(outcomes: Iterable[BaseException | None]) -> None:
    """A refusal tells more than the lost link that follows it."""
    failures = [
        outcome
        for outcome in outcomes
        if outcome is not None and not isinstance(outcome, asyncio.CancelledError)
    ]
    failures.sort(key=lambda failure: not isinstance(failure, RelayRefused))
    if failures:
        raise failures[0]
