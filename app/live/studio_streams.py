"""Studio's ways out and in: services that the broadcast is also streamed to, and the room's own
port for OBS. Lives on the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.errors import BadInput, LivehouseError
from app.live.ingest_rtmp import STREAM_PORT, RtmpIngest
from app.live.push_file import parse_target
from app.live.pushing import TARGETS_MAX, Pushing
from app.live.vault import StoredStreams, StoredTarget
from app.net.rtmp.server_session import APPLICATION
from app.settings import PublishSettings, PushTarget, Secret
from app.state.pushing import StreamIn, TargetStatus

if TYPE_CHECKING:
    from app.live.vault import Vault

HOST: Final = "127.0.0.1"
"""OBS on this computer; `livehouse ingest rtmp --host` lets others in."""

KEY_BYTES: Final = 24
ID_BYTES: Final = 6


class StudioStreams:
    """Made and used on one asyncio loop. `on_changed` is called there."""

    def __init__(
        self,
        vault: Vault | None,
        *,
        random: Callable[[], float],
        on_changed: Callable[[], None],
        on_failure: Callable[[LivehouseError], None],
    ) -> None:
        """Without a vault nothing is kept."""
        self._vault = vault
        self._random = random
        self._on_changed = on_changed
        self._on_failure = on_failure
        self._targets: tuple[PushTarget, ...] = ()
        self._key = Secret("")
        self._pushing: Pushing | None = None
        self._ingest: RtmpIngest | None = None
        self._running: asyncio.Task[None] | None = None
        self._changing_port = asyncio.Lock()

    async def load(self) -> None:
        """What was kept from before."""
        if self._vault is None:
            return
        kept = await asyncio.to_thread(self._vault.find_streams)
        self._key = Secret(kept.stream_key)
        with contextlib.suppress(BadInput):
            self._targets = tuple(
                parse_target(
                    one.target_id,
                    one.name,
                    one.address,
                    one.key,
                    is_enabled=one.is_enabled,
                    crop=one.crop,
                )
                for one in kept.targets
            )
        self._on_changed()

    # --- out --------------------------------------------------------------------------------------

    def make_tap(self) -> Pushing:
        """For the broadcast that begins now."""
        self._pushing = Pushing(self._targets, random=self._random)
        return self._pushing

    def forget_tap(self, tap: Pushing) -> None:
        """Its broadcast has ended. Another may have begun meanwhile, with a tap of its own."""
        if self._pushing is tap:
            self._pushing = None

    async def save_target(
        self, target_id: str, name: str, address: str, key: str, crop: str = ""
    ) -> None:
        """A new one without an id; an empty key keeps the one before. Raises BadInput."""
        before = self._find(target_id)
        if before is None and len(self._targets) >= TARGETS_MAX:
            raise BadInput(f"at most {TARGETS_MAX} services")
        target = parse_target(
            before.target_id if before is not None else secrets.token_hex(ID_BYTES),
            name,
            address,
            key or (before.key if before is not None else ""),
            is_enabled=before.is_enabled if before is not None else True,
            crop=crop,
        )
        if before is None:
            await self._set((*self._targets, target))
        else:
            await self._set(target if one is before else one for one in self._targets)

    async def enable_target(self, target_id: str, *, is_enabled: bool) -> None:
        await self._set(
            replace(one, is_enabled=is_enabled) if one.target_id == target_id else one
            for one in self._targets
        )

    async def remove_target(self, target_id: str) -> None:
        await self._set(one for one in self._targets if one.target_id != target_id)

    def retry_target(self, target_id: str) -> None:
        if self._pushing is not None:
            self._pushing.retry_now(target_id)

    def statuses(self) -> tuple[TargetStatus, ...]:
        """All targets, those that rest too."""
        found = () if self._pushing is None else self._pushing.statuses()
        running = {status.target_id: status for status in found}
        return tuple(
            running.get(one.target_id)
            or TargetStatus(
                one.target_id, one.name, one.address, is_enabled=one.is_enabled, crop=one.crop
            )
            for one in self._targets
        )

    # --- in ---------------------------------------------------------------------------------------

    async def open_port(
        self, settings: PublishSettings, request_ticket: Callable[[], Awaitable[str]]
    ) -> None:
        """Let an encoder in, on the usual port or on a free one. Raises BadInput."""
        async with self._changing_port:
            if self._ingest is not None:
                return
            if not self._key:
                await self.renew_key()
            ingest = self._make_ingest(settings, STREAM_PORT, request_ticket)
            try:
                await ingest.open()
            except BadInput:
                ingest = self._make_ingest(settings, 0, request_ticket)
                await ingest.open()
            self._ingest = ingest
            self._running = asyncio.get_running_loop().create_task(self._run(ingest))
            self._on_changed()

    async def close_port(self) -> None:
        """End what is on air from there, and close; one that is only being opened too."""
        async with self._changing_port:
            ingest, running = self._ingest, self._running
            if ingest is not None and running is not None:
                ingest.stop()
                await asyncio.wait({running})

    async def renew_key(self) -> None:
        """Another key, from the next opening of the port on."""
        self._key = Secret(secrets.token_urlsafe(KEY_BYTES))
        await self._keep()

    def stream_in(self) -> StreamIn:
        ingest = self._ingest
        if ingest is None:
            return StreamIn()
        server = f"rtmp://{HOST}:{ingest.port}/{APPLICATION}"
        broadcast = ingest.ingesting.broadcast
        line = "" if broadcast is None else broadcast.line()
        return StreamIn(ingest.ingesting.state, server, self._key, line)

    @property
    def is_port_open(self) -> bool:
        return self._ingest is not None

    # --- within -----------------------------------------------------------------------------------

    def _make_ingest(
        self,
        settings: PublishSettings,
        port: int,
        request_ticket: Callable[[], Awaitable[str]],
    ) -> RtmpIngest:
        return RtmpIngest(
            settings,
            host=HOST,
            port=port,
            stream_key=self._key,
            random=self._random,
            on_notice=lambda _words: None,
            on_state=lambda _state: self._on_changed(),
            request_ticket=request_ticket,
            make_taps=lambda: [self.make_tap()],
        )

    async def _run(self, ingest: RtmpIngest) -> None:
        try:
            await ingest.run()
        except LivehouseError as error:
            self._on_failure(error)
        finally:
            self._ingest = self._running = None
            self._on_changed()

    def _find(self, target_id: str) -> PushTarget | None:
        return next((one for one in self._targets if one.target_id == target_id), None)

    async def _set(self, targets: Iterable[PushTarget]) -> None:
        self._targets = tuple(targets)
        if self._pushing is not None:
            self._pushing.set_targets(self._targets)
        self._on_changed()
        await self._keep()

    async def _keep(self) -> None:
        if self._vault is None:
            return
        kept = StoredStreams(
            stream_key=str(self._key),
            targets=tuple(
                StoredTarget(
                    target_id=one.target_id,
                    name=one.name,
                    address=one.address,
                    key=str(one.key),
                    is_enabled=one.is_enabled,
                    crop=one.crop,
                )
                for one in self._targets
            ),
        )
        await asyncio.to_thread(self._vault.save_streams, kept)
