"""Which sockets are cut when a session, a user or a key ends."""

from server.gateway.registry import Identity, SocketRegistry
from wire.errors import CloseCode, ErrorCode
from wire.order_events import MessagesDeleted


class FakeChannel:
    address = "192.0.2.1"

    def __init__(self, registry: SocketRegistry) -> None:
        self._registry = registry
        self.closed: list[tuple[int, str]] = []
        self.sent: list[bytes] = []

    def send_text(self, payload: bytes) -> None:
        self.sent.append(payload)

    def write_framed(self, frames: bytes) -> None: ...

    def close_now(self, code: int, reason: str) -> None:
        self.closed.append((code, reason))
        self._registry.forget(self)  # as a real one's handler does, in the middle of a cut


class Sockets:
    def __init__(self) -> None:
        self.registry = SocketRegistry()
        self.guest = self._add(Identity())
        self.control = self._add(Identity("u1", "s1"))
        self.media = self._add(Identity("u1", "s1"))
        self.phone = self._add(Identity("u1", "s2"))
        self.camera = self._add(Identity("u1", None, "k1"))
        self.other = self._add(Identity("u2", "s3"))

    def _add(self, identity: Identity) -> FakeChannel:
        channel = FakeChannel(self.registry)
        self.registry.register(channel, identity)
        return channel

    def cut(self, **which: str) -> list[str]:
        """The names of those that were closed."""
        count = self.registry.cut(code=ErrorCode.SESSION_ENDED, reason="logged out", **which)
        closed = [
            name
            for name, channel in vars(self).items()
            if isinstance(channel, FakeChannel) and channel.closed
        ]
        assert count == len(closed)
        return closed


def test_cut_when_a_session_ends_then_closes_its_sockets_alone() -> None:
    assert Sockets().cut(session_id="s1") == ["control", "media"]


def test_cut_when_a_user_ends_then_closes_all_of_them() -> None:
    assert Sockets().cut(user_id="u1") == ["control", "media", "phone", "camera"]


def test_cut_when_a_session_is_excepted_then_it_stays() -> None:
    assert Sockets().cut(user_id="u1", except_session="s1") == ["phone", "camera"]


def test_cut_when_a_key_is_revoked_then_closes_its_publisher() -> None:
    assert Sockets().cut(key_id="k1") == ["camera"]


def test_cut_when_nothing_is_named_then_closes_nobody() -> None:
    assert Sockets().cut() == []


def test_cut_when_it_closes_then_says_code_and_reason() -> None:
    sockets = Sockets()
    sockets.cut(user_id="u2")
    assert sockets.other.closed == [(CloseCode.SESSION_ENDED, "logged out")]


def test_register_when_a_socket_changes_hands_then_the_old_name_does_not_reach_it() -> None:
    sockets = Sockets()
    sockets.registry.register(sockets.control, Identity())
    assert sockets.cut(user_id="u1") == ["media", "phone", "camera"]


class Media:
    def __init__(self) -> None:
        self.registry = SocketRegistry()
        self.control = self._add(Identity("u1", "s1"))
        self.phone = self._add(Identity("u1", "s2"))
        self.hall = self._add(Identity("u1", "s1", room_id="hall"))
        self.attic = self._add(Identity("u1", "s1", room_id="attic"))
        self.guest = self._add(Identity(room_id="hall"))
        self.other = self._add(Identity("u2", "s3", room_id="hall"))

    def _add(self, identity: Identity) -> FakeChannel:
        channel = FakeChannel(self.registry)
        self.registry.register(channel, identity)
        return channel

    def closed(self) -> list[str]:
        channels = {k: v for k, v in vars(self).items() if isinstance(v, FakeChannel)}
        return [name for name, channel in channels.items() if channel.closed]


def test_cut_media_when_a_user_is_put_out_of_a_room_then_only_theirs_there() -> None:
    sockets = Media()
    kicked = {"code": ErrorCode.KICKED, "reason": "noise"}
    assert sockets.registry.cut_media("hall", user_id="u1", **kicked) == 1
    assert sockets.closed() == ["hall"]
    assert sockets.hall.closed == [(CloseCode.KICKED, "noise")]


def test_cut_media_when_a_room_is_closed_then_all_of_it_guests_too() -> None:
    sockets = Media()
    closed = {"code": ErrorCode.ROOM_CLOSED, "reason": "night"}
    assert sockets.registry.cut_media("hall", user_id=None, **closed) == 3
    assert sockets.closed() == ["hall", "guest", "other"]


def test_tell_users_when_each_has_news_then_theirs_alone_and_no_media() -> None:
    sockets = Media()
    news = {
        user_id: MessagesDeleted(room_id="hall", message_ids=(f"of {user_id}",))
        for user_id in ("u1", "nobody")
    }
    sockets.registry.tell_users(news)
    assert sockets.control.sent == sockets.phone.sent
    assert b"of u1" in sockets.control.sent[0]
    assert not sockets.hall.sent
    assert not sockets.other.sent


def test_tell_user_when_several_sockets_are_open_then_every_control_socket_and_no_media() -> None:
    sockets = Media()
    event = MessagesDeleted(room_id="hall", message_ids=("m",))
    assert sockets.registry.tell_user("u1", event) == 2
    assert sockets.control.sent == sockets.phone.sent
    assert len(sockets.control.sent) == 1
    assert not sockets.hall.sent
    assert sockets.registry.tell_user("nobody", event) == 0
