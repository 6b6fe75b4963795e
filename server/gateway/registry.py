"""Which sockets speak for which user, session or key, so that all of them can be cut at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from wire import events
from wire.errors import CLOSE_CODES, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from server.gateway.channel import Channel
    from wire.event_base import Event
    from wire.ids import PublishKeyId, RoomId, SessionId, UserId


class SocketCutter(Protocol):
    def cut(
        self,
        *,
        session_id: SessionId | None = None,
        user_id: UserId | None = None,
        except_session: SessionId | None = None,
        key_id: PublishKeyId | None = None,
        code: ErrorCode,
        reason: str,
    ) -> int:
        """Close every socket that matches one of what is given. Returns how many."""


@dataclass(frozen=True)
class Identity:
    """On whose word a socket is open; all None for a guest."""

    user_id: UserId | None = None
    session_id: SessionId | None = None
    key_id: PublishKeyId | None = None
    room_id: RoomId | None = None
    """Of a media socket, the room that it is for; None: a control socket."""


class SocketRegistry:
    """Implements SocketCutter. Event loop's thread only; as large as there are open sockets."""

    def __init__(self) -> None:
        self._identities: dict[Channel, Identity] = {}
        self.on_cut: list[Callable[[Callable[[Identity], bool]], None]] = []
        """Hear whose sockets are cut: of them nothing else goes on either."""

    def register(self, channel: Channel, identity: Identity) -> None:
        """Add a socket, or change whose it is."""
        self._identities[channel] = identity

    def forget(self, channel: Channel) -> None:
        self._identities.pop(channel, None)

    def user_of(self, channel: Channel) -> UserId | None:
        """Whose socket it is; None for a guest's."""
        identity = self._identities.get(channel)
        return identity.user_id if identity else None

    def sessions_of(self, user_id: UserId) -> frozenset[SessionId]:
        """The user's sessions that have a socket open now."""
        return frozenset(
            identity.session_id
            for identity in self._identities.values()
            if identity.user_id == user_id and identity.session_id is not None
        )

    def users_online(self) -> frozenset[UserId]:
        """Everybody who has a socket open."""
        return frozenset(
            one.user_id for one in self._identities.values() if one.user_id is not None
        )

    def users_of(self, channels: Iterable[Channel]) -> frozenset[UserId]:
        """Who is logged in on these sockets."""
        identities = (self._identities.get(channel) for channel in channels)
        return frozenset(one.user_id for one in identities if one and one.user_id is not None)

    def tell_user(self, user_id: UserId, event: Event) -> int:
        """Send an event to every control socket of a user. Returns how many there are."""
        payload = events.pack(event)
        told = [
            channel
            for channel, identity in self._identities.items()
            if identity.user_id == user_id and identity.room_id is None
        ]
        for channel in told:
            channel.send_text(payload)
        return len(told)

    def cut_media(
        self, room_id: RoomId, *, user_id: UserId | None, code: ErrorCode, reason: str
    ) -> int:
        """Close the media sockets of a room: a user's, or (None) all. Returns how many."""
        cut = [
            channel
            for channel, identity in self._identities.items()
            if identity.room_id == room_id and (user_id is None or identity.user_id == user_id)
        ]
        for channel in cut:
            channel.close_now(CLOSE_CODES[code], reason)
        return len(cut)

    def tell_users(self, news: Mapping[UserId, Event]) -> None:
        """An event to every control socket of each of the users. Never waits."""
        texts: dict[UserId, bytes] = {}
        for channel, identity in tuple(self._identities.items()):
            user_id = identity.user_id
            if user_id is None or user_id not in news or identity.room_id is not None:
                continue
            if user_id not in texts:
                texts[user_id] = events.pack(news[user_id])
            channel.send_text(texts[user_id])

    def cut(
        self,
        *,
        session_id: SessionId | None = None,
        user_id: UserId | None = None,
        except_session: SessionId | None = None,
        key_id: PublishKeyId | None = None,
        code: ErrorCode,
        reason: str,
    ) -> int:
        def matches(identity: Identity) -> bool:
            if except_session is not None and identity.session_id == except_session:
                return False
            return (
                (session_id is not None and identity.session_id == session_id)
                or (user_id is not None and identity.user_id == user_id)
                or (key_id is not None and identity.key_id == key_id)
            )

        cut = [channel for channel, identity in self._identities.items() if matches(identity)]
        for channel in cut:
            channel.close_now(CLOSE_CODES[code], reason)
        for listener in self.on_cut:
            listener(matches)
        return len(cut)
