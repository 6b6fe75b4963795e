"""Publish keys: how a headless publisher goes live in a room, and how that ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from server.ids import RandomBytes, derive_secret, digest, make_id, make_secret
from server.rooms import queries
from server.rooms.tables import PublishKey
from wire.errors import ErrorCode, WireError
from wire.ids import PublishKeyId, RoomId
from wire.room_events import PublishKeyCreated, PublishKeyInfo

if TYPE_CHECKING:
    from server.clocks import Clocks
    from server.store.session import Session
    from server.store.store import Store

KEYS_PER_ROOM_MAX: Final = 20
DERIVED_LABEL: Final = "--room"

_log = structlog.get_logger(__name__)


class PublishKeys:
    """Permissions are the caller's to check."""

    def __init__(
        self, store: Store, *, clocks: Clocks, random_bytes: RandomBytes, room_key_secret: bytes
    ) -> None:
        self._store = store
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._room_key_secret = room_key_secret

    async def create(self, room_id: RoomId, label: str) -> PublishKeyCreated:
        """Raises WireError(FULL)."""
        secret = make_secret(self._random_bytes)
        key_id = make_id(self._random_bytes)

        def work(session: Session) -> None:
            if len(queries.list_publish_keys(session, room_id)) >= KEYS_PER_ROOM_MAX:
                raise WireError(
                    ErrorCode.FULL,
                    f"a room has at most {KEYS_PER_ROOM_MAX} publish keys",
                    field="publish_keys",
                )
            session.add(self._row(key_id, room_id, secret, label))

        await self._store.write(work)
        return PublishKeyCreated(key_id=PublishKeyId(key_id), publish_key=secret)

    async def ensure_derived(self, room_id: RoomId) -> str:
        """The room's key that is the same after every restart, as long as the data folder is."""
        secret = derive_secret(self._room_key_secret, f"publish-key:{room_id}")

        def work(session: Session) -> None:
            if queries.find_publish_key(session, digest(secret)) is None:
                session.add(self._row(make_id(self._random_bytes), room_id, secret, DERIVED_LABEL))

        await self._store.write(work)
        return secret

    async def list(self, room_id: RoomId) -> tuple[PublishKeyInfo, ...]:
        rows = await self._store.read(lambda session: queries.list_publish_keys(session, room_id))
        return tuple(
            PublishKeyInfo(
                key_id=PublishKeyId(row.id),
                label=row.label,
                created_at_unix_ms=row.created_at_unix_ms,
                last_used_at_unix_ms=row.last_used_at_unix_ms,
            )
            for row in rows
        )

    async def revoke(self, room_id: RoomId, key_id: PublishKeyId) -> bool:
        """False when the room has no such key (any more)."""
        return await self._store.write(
            lambda session: queries.delete_publish_key(session, room_id, key_id)
        )

    async def authorize(self, room_id: RoomId, secret: str) -> PublishKeyId:
        """Raises WireError(BAD_CREDENTIALS)."""
        key_hash = digest(secret)
        row = await self._store.read(lambda session: queries.find_publish_key(session, key_hash))
        if row is None or row.room_id != room_id:
            raise _not_valid()
        key_id = PublishKeyId(row.id)
        now = self._clocks.unix_ms()
        try:
            is_there = await self._store.write(
                lambda session: queries.touch_publish_key(session, key_id, now)
            )
        except WireError as error:
            # When a key was last used is not worth a broadcast.
            _log.warning("key use not noted", code=str(error.code))
            return key_id
        if not is_there:
            # Revoked since it was read: those who use it have been cut, without this one.
            raise _not_valid()
        return key_id

    def _row(self, key_id: str, room_id: RoomId, secret: str, label: str) -> PublishKey:
        return PublishKey(
            id=key_id,
            room_id=room_id,
            key_hash=digest(secret),
            label=label,
            created_at_unix_ms=self._clocks.unix_ms(),
        )


def _not_valid() -> WireError:
    return WireError(
        ErrorCode.BAD_CREDENTIALS,
        "this publish key is not valid for the room",
        field="publish_key",
    )
