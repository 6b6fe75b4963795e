"""Chat and its order: word lists, sanctions, detection, reports and feedback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.chat.past import Past
from server.chat.service import ChatService, Judges
from server.detection.parts import Detection, build_detection
from server.detection.watch import Watch
from server.feedback.service import FeedbackService
from server.gateway.enforcement import Enforcement
from server.moderation.service import ModerationService
from server.privacy.addresses import AddressHasher
from server.reports.service import ReportService
from server.rooms.keeping import RoomKeeping
from server.sanctions.service import SanctionService

if TYPE_CHECKING:
    from server.parts.ground import Ground
    from server.parts.people import People


@dataclass(frozen=True, kw_only=True)
class Talk:
    chat: ChatService
    moderation: ModerationService
    keeping: RoomKeeping
    sanctions: SanctionService
    detection: Detection
    reports: ReportService
    feedback: FeedbackService


def build_talk(ground: Ground, people: People) -> Talk:
    store, clocks, random_bytes = ground.store, ground.clocks, ground.random_bytes
    accounts, rooms, audit = people.accounts, people.rooms, people.audit
    moderation = ModerationService(store, audit=audit, clocks=clocks)
    enforcement = Enforcement(
        registry=ground.registry,
        hub=ground.hub,
        accounts=accounts,
        rooms=rooms,
        live=ground.plane,
    )
    sanctions = SanctionService(
        store,
        standings=ground.standings,
        users=accounts,
        rooms=rooms,
        audit=audit,
        enforcement=enforcement,
        clocks=clocks,
        random_bytes=random_bytes,
    )
    watch = Watch(clocks=clocks)
    chat = ChatService(
        store,
        users=accounts,
        judges=Judges(moderation, watch),
        audit=audit,
        followed_since=people.follows.followed_since,
        post=ground.hub.post,
        post_to_leaders=ground.hub.post_to_leaders,
        media_time_us=ground.plane.media_time_us,
        clocks=clocks,
        random_bytes=random_bytes,
        gather_s=ground.pace.store_messages_s,
    )
    return Talk(
        chat=chat,
        moderation=moderation,
        keeping=RoomKeeping(rooms, audit=audit, doors=enforcement),
        sanctions=sanctions,
        detection=_build_detection(ground, people, watch, chat, sanctions),
        reports=ReportService(
            store,
            users=accounts,
            rooms=rooms,
            past=Past(store, users=accounts, chat=chat),
            find_thumbnail=ground.find_thumbnail,
            tell_users=ground.registry.tell_users,
            post_to_leaders=ground.hub.post_to_leaders,
            clocks=clocks,
            random_bytes=random_bytes,
        ),
        feedback=FeedbackService(
            store,
            users=accounts,
            sanctions=sanctions,
            tell_users=ground.registry.tell_users,
            clocks=clocks,
            random_bytes=random_bytes,
        ),
    )


def _build_detection(
    ground: Ground, people: People, watch: Watch, chat: ChatService, sanctions: SanctionService
) -> Detection:
    addresses = AddressHasher(
        ground.data_dir, unix_ms=ground.clocks.unix_ms, random_bytes=ground.random_bytes
    )
    return build_detection(
        ground.store,
        watch,
        accounts=people.accounts,
        rooms=people.rooms,
        chat=chat,
        standings=ground.standings,
        sanctions=sanctions,
        audit=people.audit,
        hash_address=addresses.hashes,
        post_to_leaders=ground.hub.post_to_leaders,
        clocks=ground.clocks,
        random_bytes=ground.random_bytes,
    )
