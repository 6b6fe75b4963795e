"""Rooms: making, editing, finding and entering them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from server.accounts.actor import Actor
from server.ids import RandomBytes, make_id
from server.rooms import queries, rules
from server.rooms.covers import Covers, check_picture
from server.rooms.describing import Describing
from server.rooms.door import Door, closed
from server.rooms.grants import Edited, EnsuredRoom, Entered
from server.rooms.known_rooms import KnownRooms
from server.rooms.listing import Listing
from server.rooms.media_doors import MediaDoors
from server.rooms.publish_keys import PublishKeys
from server.store.store import nothing_more
from server.text import fold
from wire.covers import make_cover_id
from wire.errors import ErrorCode, WireError
from wire.permissions import Action, is_allowed, require, strongest
from wire.room_events import (
    InviteCreated,
    RoomDetails,
    RoomList,
)

if TYPE_CHECKING:
    from server.accounts.hashing import PasswordHasher
    from server.clocks import Clocks
    from server.rooms.cards import RoomCard
    from server.rooms.known_rooms import Bars
    from server.rooms.listing import Rank
    from server.rooms.live_view import LiveView, OpenBroadcasts
    from server.store.session import Session
    from server.store.store import Store
    from wire.event_base import Role, RoomInfo, UserInfo
    from wire.ids import InviteId, RoomId, UserId
    from wire.room_commands import CreateRoom, EditRoom, ListRooms

MODERATORS_PER_ROOM_MAX: Final = 100
CARDS_AT_ONCE: Final = 2_000


class Users(Protocol):
    """What rooms ask of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...

    async def ensure_system_user(self) -> UserInfo: ...


class RoomService:
    """The use cases of rooms. Event loop's thread only.

    Rooms are kept in memory once used, so that joining a public room needs no database.
    """

    def __init__(
        self,
        store: Store,
        live: LiveView,
        *,
        users: Users,
        open_broadcasts: OpenBroadcasts,
        bars: Bars,
        clocks: Clocks,
        random_bytes: RandomBytes,
        hasher: PasswordHasher,
        room_key_secret: bytes,
        rooms_per_user_max: Callable[[], int] = lambda: rules.ROOMS_PER_USER_MAX,
        check_guest: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._live = live
        self._users = users
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._rooms_per_user_max = rooms_per_user_max
        self._describing = Describing(live, users=users, clocks=clocks)
        self._known = KnownRooms(store, bars)
        self.covers = Covers(store)
        self._keys = PublishKeys(
            store, clocks=clocks, random_bytes=random_bytes, room_key_secret=room_key_secret
        )
        self.media = MediaDoors(
            self._known,
            self._keys,
            bars=bars,
            clocks=clocks,
            random_bytes=random_bytes,
            check_guest=check_guest,
        )
        self._listing = Listing(store, live, open_broadcasts)
        self._door = Door(store, clocks=clocks, random_bytes=random_bytes, hasher=hasher)

    # --- making and finding -------------------------------------------------------------------

    async def create(self, actor: Actor, command: CreateRoom) -> RoomDetails:
        """Raises WireError: NAME_TAKEN, INVALID_VALUE, FULL, ..."""
        owner = actor.require_login().user
        require({"viewer"}, Action.CREATE_ROOM)
        row = queries.new_room(
            make_id(self._random_bytes),
            rules.check_room_name(command.name),
            owner.user_id,
            command.privacy,
            self._clocks.unix_ms(),
        )
        row.title = rules.check_title(command.title)
        row.category = rules.check_category(command.category)
        row.description = rules.check_description(command.description)
        row.search_text = fold(f"{row.name} {row.title}")
        row.passphrase_hash = await self._door.hash_passphrase(
            command.privacy, command.passphrase or None, None
        )

        rooms_max = self._rooms_per_user_max()

        def work(session: Session) -> RoomCard:
            if queries.count_rooms_of(session, owner.user_id) >= rooms_max:
                raise WireError(
                    ErrorCode.FULL, f"a user has at most {rooms_max} rooms", field="rooms"
                )
            return queries.insert_room(session, row)

        card = await self._store.write(work)
        self._known.replace(card)
        return await self._describing.details(actor, card)

    async def edit(
        self,
        actor: Actor,
        command: EditRoom,
        *,
        then: Callable[[Session], None] = nothing_more,
    ) -> Edited:
        """Change what is given. `then` runs in the same transaction, where that is a change."""
        before = await self._known.card(command.room_id)
        self._known.require(actor, before, Action.EDIT_ROOM)
        values: dict[str, str | int | None] = {}
        if command.title is not None:
            values["title"] = rules.check_title(command.title)
        if command.category is not None:
            values["category"] = rules.check_category(command.category)
        if command.description is not None:
            values["description"] = rules.check_description(command.description)
        if command.away_s is not None:
            values["away_s"] = rules.check_away(command.away_s)
        if command.privacy is not None or command.passphrase is not None:
            privacy = command.privacy or before.privacy
            values["privacy"] = privacy
            values["passphrase_hash"] = await self._door.hash_passphrase(
                privacy, command.passphrase, before.passphrase_hash
            )

        def work(session: Session) -> tuple[RoomCard | None, bool]:
            is_changed = queries.is_other(session, command.room_id, values)
            card = queries.update_room(session, command.room_id, values)
            if is_changed:
                then(session)
            return card, is_changed

        written, is_changed = await self._store.write(work)
        card = self._known.replace(written)
        self._live.set_away_s(card.room_id, card.away_s)
        is_closed = before.privacy == "public" != card.privacy
        if is_closed:
            self._live.cut_guests(card.room_id)
        return Edited(await self._describing.details(actor, card), is_closed, is_changed)

    async def set_cover(
        self,
        actor: Actor,
        room_id: RoomId,
        picture: bytes | None,
        *,
        then: Callable[[Session], None] = nothing_more,
    ) -> RoomDetails:
        """None: it has none from now on. `then` runs in the same transaction.

        Raises WireError: INVALID_VALUE for other pictures.
        """
        before = await self._known.card(room_id)
        self._known.require(actor, before, Action.EDIT_ROOM)
        cover_id = make_cover_id(check_picture(picture)) if picture else ""
        now_ms = self._clocks.unix_ms()

        def work(session: Session) -> RoomCard | None:
            card = queries.set_cover(session, room_id, cover_id, picture, now_ms)
            then(session)
            return card

        card = await self._store.write(work)
        self.covers.forget(before.cover)
        return await self._describing.details(actor, self._known.replace(card))

    async def get(
        self, actor: Actor, room: str, *, passphrase: str = "", invite: str = ""
    ) -> RoomDetails:
        """By id or by name; of a private room with its secret all that members see.

        Raises WireError: NOT_FOUND, LOGIN_REQUIRED, and with a secret what `join` raises.
        """
        card = await self._known.named(room)
        if card.privacy != "public" and (passphrase or invite):
            await self._pass_door(actor, card, passphrase=passphrase, invite=invite)
            return await self._describing.details(actor, card, is_inside=True)
        if card.privacy != "public":
            require(card.roles_of(actor), Action.SEE_ROOM)
        return await self._describing.details(actor, card)

    async def list(
        self, actor: Actor, command: ListRooms, *, followed: Collection[UserId] = ()
    ) -> RoomList:
        """Live rooms first, of those whose owner is followed and then those with the most viewers;
        then the newest."""
        cards, next_cursor = await self._listing.page(actor, command, followed)
        return RoomList(
            rooms=await self._describing.describe(actor, cards),
            next_cursor=next_cursor,
            followed=tuple(card.room_id for card in cards if card.owner_id in followed),
        )

    async def list_ranked(
        self, actor: Actor, command: ListRooms, *, rank: Rank, followed: Collection[UserId] = ()
    ) -> RoomList:
        """Live rooms as `rank` orders them, each with its reason; then the newest."""
        cards, next_cursor, reasons = await self._listing.ranked_page(actor, command, rank)
        rooms = await self._describing.describe(actor, cards)
        return RoomList(
            rooms=tuple(
                msgspec.structs.replace(room, reason=reasons.get(room.room_id)) for room in rooms
            ),
            next_cursor=next_cursor,
            followed=tuple(card.room_id for card in cards if card.owner_id in followed),
        )

    async def list_categories(self, limit: int) -> Sequence[str]:
        """Of public rooms, those of the most rooms first."""
        return await self._store.read(lambda session: queries.list_categories(session, limit))

    async def list_owned(self, actor: Actor) -> tuple[RoomInfo, ...]:
        """All rooms of the user, as their members see them."""
        owner_id = actor.require_login().user.user_id
        cards = await self._store.read(lambda session: queries.list_owned(session, owner_id))
        return await self._describing.describe(actor, cards)

    # --- for admins ---------------------------------------------------------------------------

    async def change(
        self,
        room_id: RoomId,
        values: Mapping[str, str | int | None],
        *,
        then: Callable[[Session], None] = nothing_more,
    ) -> RoomInfo:
        """Change a room's row; the caller has checked who asks. What its members may know.

        `then` runs in the same transaction.

        Raises WireError(NOT_FOUND).
        """
        await self._known.card(room_id)

        def work(session: Session) -> RoomCard | None:
            card = queries.update_room(session, room_id, values)
            then(session)
            return card

        return await self.info(self._known.replace(await self._store.write(work)))

    async def info(self, card: RoomCard) -> RoomInfo:
        """As the room's members see it."""
        return (await self._describing.describe(_NOBODY, [card], is_inside=True))[0]

    # --- entering -----------------------------------------------------------------------------

    async def join(self, actor: Actor, room_id: RoomId, *, passphrase: str, invite: str) -> Entered:
        """Raises WireError: PASSPHRASE_REQUIRED, INVITE_REQUIRED, LOGIN_REQUIRED, NOT_FOUND."""
        card = await self._known.card(room_id)
        roles = card.roles_of(actor)
        self.check_bars(actor, room_id, Action.JOIN_PUBLIC_ROOM)
        if not is_allowed(roles, Action.CLOSE_ROOM):
            rules.check_open(card.closed_reason)
        if card.privacy == "public":
            require(roles, Action.JOIN_PUBLIC_ROOM)
        else:
            await self._pass_door(actor, card, passphrase=passphrase, invite=invite)
        info = (await self._describing.describe(actor, [card], is_inside=True))[0]
        return Entered(info, strongest(roles))

    async def check_still_open(self, was: RoomInfo) -> None:
        """Raises WireError where the room's door is another than when a guest was let in."""
        card = await self._known.card(was.room_id)
        if card.privacy not in {"public", was.privacy}:
            raise closed(card)

    async def role_in(self, actor: Actor, room_id: RoomId, action: Action) -> Role:
        """The role shown with what somebody does. Raises WireError where it is not allowed."""
        card = await self._known.card(room_id)
        self._known.require(actor, card, action)
        if action in rules.NEEDS_OPEN_ROOM:
            rules.check_open(card.closed_reason)
        return strongest(card.roles_of(actor))

    def check_bars(self, actor: Actor, room_id: RoomId, action: Action) -> None:
        """Without waiting. Raises WireError: BANNED, KICKED, MUTED."""
        self._known.check_bars(actor, room_id, action)

    async def card(self, room_id: RoomId) -> RoomCard:
        """Raises WireError(NOT_FOUND)."""
        return await self._known.card(room_id)

    async def cards_of(self, room_ids: Collection[RoomId]) -> tuple[RoomCard, ...]:
        """Those of the rooms that exist, as they are on disk."""
        found: tuple[RoomCard, ...] = ()
        ids = tuple(room_ids)
        everything = queries.RoomFilter(viewer_id=None, sees_private=True)
        for first in range(0, len(ids), CARDS_AT_ONCE):
            part = ids[first : first + CARDS_AT_ONCE]
            found += tuple(
                await self._store.read(
                    lambda session, part=part: queries.list_live(session, part, everything)  # type: ignore[misc] # a default binds it now
                )
            )
        return found

    async def roles_of(self, user: UserInfo, room_id: RoomId) -> frozenset[Role]:
        """All roles of somebody in the room. Raises WireError(NOT_FOUND)."""
        return (await self._known.card(room_id)).roles_of_user(user)

    async def ids_owned_by(self, user_id: UserId) -> tuple[RoomId, ...]:
        return await self._store.read(lambda session: queries.list_ids_owned(session, user_id))

    async def leads(self, user_id: UserId, room_id: RoomId) -> bool:
        """Whether somebody leads its chat. Raises WireError(NOT_FOUND)."""
        card, known = await self._known.card(room_id), await self._users.find_users([user_id])
        return user_id in known and is_allowed(card.roles_of_user(known[user_id]), Action.LEAD_CHAT)

    async def owner_of(self, room_id: RoomId) -> UserId:
        """Raises WireError(NOT_FOUND)."""
        return (await self._known.card(room_id)).owner_id

    async def name_of(self, room_id: RoomId) -> str:
        """Raises WireError(NOT_FOUND)."""
        return (await self._known.card(room_id)).name

    # --- moderators, invites, keys ------------------------------------------------------------

    async def set_moderator(
        self,
        actor: Actor,
        room_id: RoomId,
        user_id: UserId,
        *,
        granted: bool,
        also: Callable[[Session], None] = nothing_more,
    ) -> None:
        """`also` is done in the same transaction; so for those that follow."""
        card = await self._known.card(room_id)
        self._known.require(actor, card, Action.SET_MODERATOR)
        if granted and user_id not in await self._users.find_users([user_id]):
            raise WireError(ErrorCode.NOT_FOUND, "there is no such user", field="user_id")
        if granted and len(card.moderator_ids | {user_id}) > MODERATORS_PER_ROOM_MAX:
            raise WireError(
                ErrorCode.FULL,
                f"a room has at most {MODERATORS_PER_ROOM_MAX} moderators",
                field="moderators",
            )
        await self.put_moderator(room_id, user_id, granted=granted, also=also)

    async def put_moderator(
        self,
        room_id: RoomId,
        user_id: UserId,
        *,
        granted: bool,
        also: Callable[[Session], None] = nothing_more,
    ) -> None:
        """The caller has checked the right to."""

        def work(session: Session) -> RoomCard | None:
            also(session)
            return queries.set_moderator(session, room_id, user_id, granted=granted)

        self._known.replace(await self._store.write(work))

    async def set_closed(
        self, room_id: RoomId, reason: str | None, role: str, *, also: Callable[[Session], None]
    ) -> RoomCard:
        """None opens it. The caller has checked the right to."""

        def work(session: Session) -> RoomCard | None:
            also(session)
            values = {"closed_reason": reason, "closed_role": role}
            return queries.update_room(session, room_id, values)

        return self._known.replace(await self._store.write(work))

    async def describe_inside(self, room_id: RoomId) -> RoomInfo:
        """As its members see it."""
        return await self.info(await self._known.card(room_id))

    async def create_invite(self, actor: Actor, room_id: RoomId, label: str) -> InviteCreated:
        card = await self._known.card(room_id)
        self._known.require(actor, card, Action.MANAGE_INVITES)
        return await self._door.create_invite(room_id, label)

    async def revoke_invite(self, actor: Actor, room_id: RoomId, invite_id: InviteId) -> None:
        card = await self._known.card(room_id)
        self._known.require(actor, card, Action.MANAGE_INVITES)
        await self._door.revoke_invite(room_id, invite_id)

    async def ensure_public_room(self, name: str) -> EnsuredRoom:
        """A room that the relay itself makes, with a key that stays. Raises WireError."""
        kept = rules.check_room_name(name)
        owner = await self._users.ensure_system_user()

        def work(session: Session) -> RoomCard:
            card = queries.find_card_by_name(session, kept)
            if card is not None:
                return card
            row = queries.new_room(
                make_id(self._random_bytes), kept, owner.user_id, "public", self._clocks.unix_ms()
            )
            return queries.insert_room(session, row)

        card = self._known.replace(await self._store.write(work))
        if card.privacy != "public":
            raise WireError(ErrorCode.FORBIDDEN, f"the room {kept} exists and is not public")
        key = await self._keys.ensure_derived(card.room_id)
        return EnsuredRoom(card.room_id, card.name, key)

    async def is_public(self, room_id: RoomId) -> bool:
        """Whether anybody may look; False where there is no such room."""
        try:
            return (await self._known.card(room_id)).privacy == "public"
        except WireError:
            return False

    def forget(self, room_ids: Collection[RoomId], moderator_id: UserId) -> None:
        """These rooms are gone from the database, and somebody from all others."""
        self._known.forget(room_ids, moderator_id)
        self.covers.clear()

    # --- within -------------------------------------------------------------------------------

    async def _pass_door(
        self, actor: Actor, card: RoomCard, *, passphrase: str, invite: str
    ) -> None:
        """Return when a private room opens to somebody. Raises WireError."""
        self._known.require(actor, card, Action.JOIN_PRIVATE_ROOM)
        if not is_allowed(card.roles_of(actor), Action.ENTER_FREELY):
            await self._door.admit(actor, card, passphrase=passphrase, invite=invite)


_NOBODY: Final = Actor("")
