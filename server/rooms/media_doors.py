"""Who may use a room's media sockets: by tickets, and by publish keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from server.ids import RandomBytes, make_secret
from server.rooms import rules
from server.rooms.door import closed
from server.rooms.grants import PublishGrant, SubscribeGrant
from server.rooms.tickets import TicketGrant, Tickets
from wire.errors import ErrorCode, WireError
from wire.limits import TICKET_LIFETIME_S
from wire.permissions import Action, is_allowed
from wire.room_events import PublishKeyCreated, PublishKeyInfo, TicketIssued

if TYPE_CHECKING:
    from server.accounts.actor import Actor
    from server.clocks import Clocks
    from server.rooms.known_rooms import Bars, KnownRooms
    from server.rooms.publish_keys import PublishKeys
    from server.rooms.tickets import TicketPurpose
    from wire.ids import PublishKeyId, RoomId, SessionId, UserId


class MediaDoors:
    """Event loop's thread only. Subscribing to a public room that is known needs no database."""

    def __init__(
        self,
        known: KnownRooms,
        keys: PublishKeys,
        *,
        bars: Bars,
        clocks: Clocks,
        random_bytes: RandomBytes,
        check_guest: Callable[[], None],
    ) -> None:
        self._known = known
        self._keys = keys
        self._bars = bars
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._check_guest = check_guest
        self._tickets = Tickets()

    # --- publish keys -------------------------------------------------------------------------

    async def create_publish_key(
        self, actor: Actor, room_id: RoomId, label: str
    ) -> PublishKeyCreated:
        card = await self._known.card(room_id)
        self._known.require(actor, card, Action.CREATE_PUBLISH_KEY)
        return await self._keys.create(room_id, rules.check_label(label))

    async def list_publish_keys(self, actor: Actor, room_id: RoomId) -> tuple[PublishKeyInfo, ...]:
        card = await self._known.card(room_id)
        self._known.require(actor, card, Action.SEE_PUBLISH_KEYS)
        return await self._keys.list(room_id)

    async def revoke_publish_key(self, actor: Actor, room_id: RoomId, key_id: PublishKeyId) -> bool:
        """Whether the room had the key: the caller cuts the sockets that use it."""
        card = await self._known.card(room_id)
        self._known.require(actor, card, Action.REVOKE_PUBLISH_KEY)
        return await self._keys.revoke(room_id, key_id)

    # --- tickets ------------------------------------------------------------------------------

    async def issue_publish_ticket(self, actor: Actor, room_id: RoomId) -> TicketIssued:
        card = await self._known.card(room_id)
        self._known.require(actor, card, Action.PUBLISH)
        rules.check_open(card.closed_reason)
        return self._issue_ticket(actor, room_id, "publish")

    async def issue_subscribe_ticket(
        self, actor: Actor, room_id: RoomId, *, is_member: bool
    ) -> TicketIssued:
        """`is_member`: the caller's control socket is in the room, so it has passed the door."""
        card = await self._known.card(room_id)
        self._known.require(actor, card, Action.GET_SUBSCRIBE_TICKET)
        rules.check_open(card.closed_reason)
        if card.privacy == "public":
            actor.require_login()  # a guest needs none there, and many could use up what may be out
        may_enter = is_member or is_allowed(card.roles_of(actor), Action.ENTER_FREELY)
        if card.privacy != "public" and not may_enter:
            raise closed(card)
        return self._issue_ticket(actor, room_id, "subscribe")

    def revoke_tickets(
        self, *, session_id: SessionId | None = None, user_id: UserId | None = None
    ) -> None:
        """A session, or all of a user's, ended: its unused tickets end with it."""
        self._tickets.revoke(session_id=session_id, user_id=user_id)

    # --- sockets ------------------------------------------------------------------------------

    async def authorize_publish(
        self, room_id: RoomId, *, ticket: str, publish_key: str
    ) -> PublishGrant:
        """Raises WireError: NOT_FOUND, TICKET_INVALID, BAD_CREDENTIALS, ROOM_CLOSED, BANNED."""
        card = await self._known.card(room_id)
        if not ticket and publish_key:
            key_id = await self._keys.authorize(room_id, publish_key)
            card = await self._known.card(room_id)
            rules.check_open(card.closed_reason)
            self._bars.check(card.owner_id, room_id, Action.PUBLISH)
            return PublishGrant(room_id, card.name, card.owner_id, None, key_id, card.away_s)
        grant = self._redeem(ticket, room_id, "publish")
        if grant.user_id is None:  # only owners get such tickets, and owners are logged in
            raise WireError(ErrorCode.TICKET_INVALID, "this ticket names nobody")
        self._bars.check(grant.user_id, room_id, Action.PUBLISH)
        rules.check_open(card.closed_reason)
        return PublishGrant(room_id, card.name, grant.user_id, grant.session_id, None, card.away_s)

    async def authorize_subscribe(self, room_id: RoomId, *, ticket: str) -> SubscribeGrant:
        """A public room needs no ticket; a ticket that is given must be good."""
        card = await self._known.card(room_id)
        rules.check_open(card.closed_reason)
        if ticket:
            grant = self._redeem(ticket, room_id, "subscribe")
            self._bars.check(grant.user_id, room_id, Action.GET_SUBSCRIBE_TICKET)
            return SubscribeGrant(room_id, grant.user_id, grant.session_id)
        self._check_guest()
        if card.privacy != "public":
            raise closed(card)
        return SubscribeGrant(room_id, None, None)

    # --- within -------------------------------------------------------------------------------

    def _issue_ticket(self, actor: Actor, room_id: RoomId, purpose: TicketPurpose) -> TicketIssued:
        login = actor.login
        secret = make_secret(self._random_bytes)
        self._tickets.issue(
            secret,
            TicketGrant(
                purpose,
                room_id,
                login.user.user_id if login else None,
                login.session_id if login else None,
            ),
            self._clocks.mono_s(),
        )
        return TicketIssued(ticket=secret, expires_in_ms=int(TICKET_LIFETIME_S * 1000))

    def _redeem(self, ticket: str, room_id: RoomId, purpose: TicketPurpose) -> TicketGrant:
        return self._tickets.redeem(
            ticket, purpose=purpose, room_id=room_id, now_mono_s=self._clocks.mono_s()
        )
