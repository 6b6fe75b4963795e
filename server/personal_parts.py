"""The personal data of all features: what is in their tables, and what they have in memory."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.accounts import personal as accounts
from server.admin import personal as admin
from server.audit import personal as audit
from server.broadcasts import personal as broadcasts
from server.chat import personal as chat
from server.detection import personal as detection
from server.discovery import personal as discovery
from server.draws import personal as draws
from server.emotes import personal as emotes
from server.feedback import personal as feedback
from server.follows import personal as follows
from server.gifts import personal as gifts
from server.ledger import personal as ledger
from server.moderation import personal as moderation
from server.polls import personal as polls
from server.privacy import personal as privacy
from server.privacy.erasing import Eraser, Holder, Leaving
from server.privacy.exporting import Exporter
from server.privacy.journal import Journal
from server.privacy.service import PrivacyService
from server.recording import personal as recording
from server.reports import personal as reports
from server.rooms import personal as rooms
from server.rooms.queries import list_ids_owned
from server.sanctions import personal as sanctions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path
    from typing import Protocol

    from server.accounts.service import AccountService
    from server.chat.service import ChatService
    from server.clocks import Clocks
    from server.detection.identities import Identities
    from server.discovery.service import DiscoveryService
    from server.draws.service import DrawService
    from server.emotes.service import EmoteService
    from server.follows.service import FollowService
    from server.gifts.packets import RedPackets
    from server.ids import RandomBytes
    from server.moderation.service import ModerationService
    from server.polls.service import PollService
    from server.privacy.parts import Part
    from server.recording.service import RecordingService
    from server.rooms.service import RoomService
    from server.sanctions.standings import Standings
    from server.settings import Retention
    from server.store.store import Store
    from wire.event_base import EndReason
    from wire.ids import RoomId, UserId

    class Plane(Protocol):
        """What erasing asks of the media plane."""

        async def end_broadcast(self, room_id: RoomId, reason: EndReason) -> bool: ...

        def cut_all(self, room_id: RoomId) -> None: ...


PARTS: Final[tuple[Part, ...]] = (
    recording.PART,
    chat.PART,
    polls.PART,
    draws.PART,
    detection.PART,
    follows.PART,
    gifts.PART,
    ledger.PART,
    broadcasts.PART,
    discovery.PART,
    privacy.PART,
    reports.PART,
    feedback.PART,
    moderation.PART,
    emotes.PART,
    sanctions.PART,
    audit.PART,
    admin.PART,
    rooms.PART,
    accounts.PART,
)
"""In the order in which it is erased: what others point at comes last."""


@dataclass(frozen=True)
class Privacy:
    service: PrivacyService
    exports: Exporter
    eraser: Eraser


def build_privacy(  # the parts of one folder of the relay
    store: Store,
    *,
    folder: Path,
    retention: Retention,
    clocks: Clocks,
    holders: Sequence[Holder] = (),
    random_bytes: RandomBytes = secrets.token_bytes,
) -> Privacy:
    """`holders` are a running relay's; without one nothing is in memory."""
    service = PrivacyService(store, parts=PARTS, retention=retention, clocks=clocks)
    exports = Exporter(store, parts=PARTS, folder=folder, clocks=clocks, random_bytes=random_bytes)
    own = Holder(forget=_forget_with(service.forget, exports.forget))
    eraser = Eraser(
        store,
        parts=PARTS,
        holders=(*holders, own),
        rooms_of=lambda user_id: store.read(lambda session: list_ids_owned(session, user_id)),
        journal=Journal(folder),
        clocks=clocks,
        random_bytes=random_bytes,
    )
    return Privacy(service, exports, eraser)


def hold(  # one for each feature that has people in memory
    *,
    plane: Plane,
    accounts: AccountService,
    rooms: RoomService,
    chat: ChatService,
    polls: PollService,
    draws: DrawService,
    follows: FollowService,
    moderation: ModerationService,
    emotes: EmoteService,
    packets: RedPackets,
    standings: Standings,
    identities: Identities,
) -> tuple[Holder, ...]:
    """What a running relay has in memory of people."""

    async def end_rooms(leaving: Leaving) -> None:
        for room_id in leaving.room_ids:
            await plane.end_broadcast(room_id, "room_closed")

    async def close_rooms(leaving: Leaving) -> None:
        rooms.forget(leaving.room_ids, leaving.user_id)
        for room_id in leaving.room_ids:
            # A publisher with a key may have come back before its room was gone.
            await plane.end_broadcast(room_id, "room_closed")
            plane.cut_all(room_id)

    async def forget(leaving: Leaving) -> None:
        accounts.forget(leaving.user_id, leaving.pseudonym)
        chat.forget(leaving.user_id, leaving.room_ids)
        polls.forget(leaving.user_id, leaving.room_ids)
        draws.forget(leaving.user_id, leaving.room_ids)
        follows.forget()
        moderation.forget(leaving.room_ids)
        emotes.forget(leaving.room_ids)
        packets.forget(leaving.user_id)
        standings.forget(leaving.user_id, leaving.room_ids)
        identities.forget(leaving.user_id)

    return (
        Holder(
            silence=lambda leaving: chat.silence(leaving.user_id),
            speak=lambda leaving: chat.speak(leaving.user_id),
            forget=forget,
        ),
        Holder(silence=end_rooms, forget=close_rooms),
    )


def hold_discovery(discovery: DiscoveryService) -> Holder:
    """What discovery has in memory of people. It is built after privacy, whose leave it asks."""

    async def silence(leaving: Leaving) -> None:
        discovery.stop_recording(leaving.user_id)

    async def forget(leaving: Leaving) -> None:
        await discovery.forget(leaving.user_id)

    return Holder(silence=silence, forget=forget)


def hold_recordings(recordings: RecordingService) -> Holder:
    """The files of rooms that go with their owner; what was said in others is in tables."""

    async def silence(leaving: Leaving) -> None:
        await recordings.silence(leaving.room_ids)

    async def forget(leaving: Leaving) -> None:
        await recordings.forget(leaving.room_ids, leaving.user_id)

    return Holder(silence=silence, forget=forget)


def _forget_with(*forgets: Callable[[UserId], None]) -> Callable[[Leaving], Awaitable[None]]:
    async def forget(leaving: Leaving) -> None:
        for one in forgets:
            one(leaving.user_id)

    return forget
