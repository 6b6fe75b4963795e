"""A broadcast whose pictures come encoded: stays connected to the relay, and ends in order.

Stands where `Publishing` stands for a stream that is encoded here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from app.live.ending import run_to_end
from app.live.room_finding import find_room_for_publishing
from app.media.clock import MediaClock
from app.media.ingest.copying import CopyPipeline
from app.net.address import parse_relay_address
from app.net.publish_client import PublishClient
from app.net.reconnect import ReconnectPolicy
from app.net.relay_link import LinkState, RelayLink
from wire.ids import RoomId

if TYPE_CHECKING:
    from app.live.publishing import PacketTap
    from app.media.ingest.arrivals import StreamShape
    from app.settings import PublishSettings
    from wire import media_events
    from wire.media_packet import MediaPacket


class Passing:
    """Made, run and stopped on one asyncio loop. Arrivals go into `pipeline`, from any one thread;
    what comes before the relay has accepted the broadcast is held from its last keyframe on."""

    def __init__(
        self,
        settings: PublishSettings,
        shape: StreamShape,
        *,
        random: Callable[[], float],
        on_notice: Callable[[str], None],
        request_ticket: Callable[[], Awaitable[str]] | None = None,
        taps: Sequence[PacketTap] = (),
    ) -> None:
        self._settings = settings
        self._on_notice = on_notice
        self._request_ticket = request_ticket
        self._taps = tuple(taps)
        self._address = parse_relay_address(settings.relay, pin=settings.pin)
        self._clock = MediaClock()
        self._client = PublishClient(
            self._address, on_keyframe_wanted=lambda _layer: None, on_event=lambda _event: None
        )
        self.pipeline = CopyPipeline(shape, clock=self._clock, on_packet=self._push)
        self.pipeline.open()
        self._link = RelayLink(
            self._address,
            self._run_session,
            policy=ReconnectPolicy(random=random),
            on_state=self._on_link_state,
        )
        self._room_id: RoomId | None = None
        self._stopping = asyncio.Event()
        self._last_failure = ""
        self.is_live = False
        """Whether the relay has accepted the broadcast once."""

    async def run(self) -> None:
        """Until `stop`, or an error that ends it."""
        start = asyncio.get_running_loop().create_task
        await run_to_end(
            start(self._link.run()),
            (start(self._stopping.wait()),),
            stop_media=self.pipeline.stop,
            stop_sending=self._client.stop,
            taps=self._taps,
            is_stopping=self._stopping.is_set,
        )

    def stop(self) -> None:
        """End the broadcast in order. On the loop."""
        self._stopping.set()

    def reconnect_now(self) -> None:
        """Any thread."""
        self._link.reconnect_now()

    @property
    def link_state(self) -> LinkState:
        return self._link.state

    def statistics(self) -> dict[str, object]:
        """As `Publishing` gives them."""
        return {
            "broadcast_id": self._client.broadcast_id,
            "reconnects": self._link.reconnects,
            "link": msgspec.to_builtins(self._client.stats()),
            "pipeline": msgspec.to_builtins(self.pipeline.stats()),
            **{name: value for tap in self._taps for name, value in tap.statistics().items()},
        }

    def line(self) -> str:
        """One line of how it goes."""
        pipeline, link = self.pipeline.stats(), self._client.stats()
        return (
            f"{self._link.state}  {pipeline.fps:.1f} fps copied  "
            f"sent {link.bytes_sent / 1e6:.1f} MB  queued {link.queued_ms:.0f} ms  "
            f"round trip {link.round_trip_ms:.1f} ms  viewers {link.subscribers}"
            + "".join(f"  {line}" for tap in self._taps if (line := tap.line()))
        )

    async def _run_session(self, succeeded: Callable[[], None]) -> None:
        ticket = "" if self._request_ticket is None else await self._request_ticket()
        if ticket:
            self._room_id = RoomId(self._settings.room)
        elif self._room_id is None:
            self._room_id = await find_room_for_publishing(self._address, self._settings.room)

        def on_accepted(accepted: media_events.PublishAccepted) -> None:
            succeeded()
            if not self.is_live:
                self.is_live = True

                def start_clock(span_us: int) -> None:
                    self._clock.start_at(accepted.next_pts_us + span_us)

                # Not at once: the client takes packets once this returns, and what is held is the
                # one keyframe for a while.
                asyncio.get_running_loop().call_soon(self.pipeline.start, start_clock)
                for tap in self._taps:
                    tap.begin(self.pipeline.tracks, lambda _layer: None, has_frames=False)
                self._on_notice(f"live in {self._settings.room} on {self._address.url}")

        await self._client.run_session(
            room_id=self._room_id,
            tracks=self.pipeline.tracks,
            publish_key=str(self._settings.publish_key),  # msgspec takes no subclass
            ticket=ticket,
            on_accepted=on_accepted,
        )

    def _push(self, packet: MediaPacket) -> None:
        self._client.push(packet)
        for tap in self._taps:
            tap.push(packet)

    def _on_link_state(self, state: LinkState, words: str) -> None:
        if state == "waiting" and words != self._last_failure:
            self._last_failure = words
            self._on_notice(f"{words}; trying again")
        elif state == "connected" and self._link.reconnects:
            self._last_failure = ""
            self._on_notice("connected again")
