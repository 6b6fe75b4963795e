"""The door of a private room: its passphrase and its invites."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from server.addresses import is_loopback
from server.ids import RandomBytes, digest, make_id, make_secret
from server.rates import FailureWindows, rate_limited
from server.rooms import queries, rules
from server.rooms.cards import CARDS_MAX, RoomCard
from wire.errors import ErrorCode, WireError
from wire.ids import InviteId, RoomId
from wire.room_events import InviteCreated

if TYPE_CHECKING:
    from server.accounts.actor import Actor
    from server.accounts.hashing import PasswordHasher
    from server.clocks import Clocks
    from server.store.session import Session
    from server.store.store import Store

INVITES_PER_ROOM_MAX: Final = 100
PASSPHRASE_FAILURES_MAX: Final = 10
PASSPHRASE_WINDOW_S: Final = 15 * 60.0
ADDRESS_FAILURES_MAX: Final = 100
"""Of one room, by all who share an address: accounts are made faster than guesses are used up. A
school behind one router mistypes less than that."""
LOOPBACK_FAILURES_MAX: Final = 1_000
"""The same for this machine: behind a proxy on it the whole audience has its address."""


class Door:
    """Permissions are the caller's to check."""

    def __init__(
        self, store: Store, *, clocks: Clocks, random_bytes: RandomBytes, hasher: PasswordHasher
    ) -> None:
        self._store = store
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._hasher = hasher
        self._failures: FailureWindows[tuple[RoomId, str]] = FailureWindows(
            PASSPHRASE_FAILURES_MAX, PASSPHRASE_WINDOW_S
        )
        self._address_failures = {
            False: _by_address(ADDRESS_FAILURES_MAX),
            True: _by_address(LOOPBACK_FAILURES_MAX),
        }
        """By whether the address is this machine's."""
        self._known: OrderedDict[RoomId, tuple[str, bytes]] = OrderedDict()
        """Of rooms whose passphrase was given once: its slow hash, and a quick one for this run."""
        self._quick_key = random_bytes(32)

    async def admit(self, actor: Actor, card: RoomCard, *, passphrase: str, invite: str) -> None:
        """Return when the room opens. Raises WireError: ..._REQUIRED, RATE_LIMITED.

        A user has some guesses, and all who come from one address share more: guests have no other.
        """
        if card.privacy == "invite":
            if not invite or not await self._is_invite(card.room_id, invite):
                raise closed(card)
        elif not passphrase or not await self._is_passphrase(actor, card, passphrase):
            raise closed(card)

    async def hash_passphrase(
        self, privacy: str, passphrase: str | None, current_hash: str | None
    ) -> str | None:
        """What to keep for a room of this privacy. Raises WireError(INVALID_VALUE)."""
        if privacy != "passphrase":
            if passphrase:
                raise WireError(
                    ErrorCode.INVALID_VALUE,
                    'a passphrase belongs to privacy "passphrase"',
                    field="passphrase",
                )
            return None
        if passphrase is None and current_hash is not None:
            return current_hash
        rules.check_passphrase(passphrase or "")
        return await self._hasher.hash(passphrase or "")

    async def create_invite(self, room_id: RoomId, label: str) -> InviteCreated:
        """Raises WireError(FULL)."""
        kept_label = rules.check_label(label)
        secret = make_secret(self._random_bytes)
        invite_id = make_id(self._random_bytes)
        now = self._clocks.unix_ms()

        def work(session: Session) -> None:
            if queries.count_invites(session, room_id) >= INVITES_PER_ROOM_MAX:
                raise WireError(
                    ErrorCode.FULL,
                    f"a room has at most {INVITES_PER_ROOM_MAX} invites",
                    field="invites",
                )
            queries.insert_invite(session, invite_id, room_id, digest(secret), kept_label, now)

        await self._store.write(work)
        return InviteCreated(invite_id=InviteId(invite_id), invite=secret)

    async def revoke_invite(self, room_id: RoomId, invite_id: InviteId) -> None:
        """Who has entered with it stays; revoking what is not there is no error."""
        await self._store.write(lambda session: queries.delete_invite(session, room_id, invite_id))

    async def _is_invite(self, room_id: RoomId, invite: str) -> bool:
        token_hash = digest(invite)
        return await self._store.read(
            lambda session: queries.has_invite(session, room_id, token_hash)
        )

    async def _is_passphrase(self, actor: Actor, card: RoomCard, passphrase: str) -> bool:
        from_here = self._address_failures[is_loopback(actor.address)]
        windows = [(from_here, (card.room_id, actor.address))]
        if actor.user is not None:
            windows.append((self._failures, (card.room_id, str(actor.user.user_id))))
        now = self._clocks.mono_s()
        wait_s = max(window.wait_s(key, now) for window, key in windows)
        if wait_s:
            raise rate_limited(wait_s, "too many wrong passphrases; wait")
        quick = hmac.digest(self._quick_key, passphrase.encode("utf-8", "surrogatepass"), sha256)
        slow, known = self._known.get(card.room_id, ("", b""))
        if slow == card.passphrase_hash and hmac.compare_digest(known, quick):
            # After a restart a thousand members come back with one slow hash, not a thousand.
            return True
        for window, key in windows:
            window.begin(key, now)
        is_failure = False
        try:
            matches = await self._hasher.verify(card.passphrase_hash, passphrase)
            is_failure = not matches
        finally:
            if not is_failure:
                for window, key in windows:
                    window.forgive(key)
        if matches and card.passphrase_hash is not None:
            if actor.user is not None:
                self._failures.clear((card.room_id, actor.user.user_id))
            self._known[card.room_id] = (card.passphrase_hash, quick)
            if len(self._known) > CARDS_MAX:
                self._known.popitem(last=False)
        return matches


def _by_address(failures_max: int) -> FailureWindows[tuple[RoomId, str]]:
    return FailureWindows(failures_max, PASSPHRASE_WINDOW_S)


def closed(card: RoomCard) -> WireError:
    """What somebody outside a private room is told."""
    if card.privacy == "invite":
        return WireError(ErrorCode.INVITE_REQUIRED, "this room opens with an invite")
    return WireError(ErrorCode.PASSPHRASE_REQUIRED, "this room opens with its passphrase")
