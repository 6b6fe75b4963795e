"""What a control session works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.accounts.profiles import Profiles
    from server.accounts.service import AccountService
    from server.admin.parts import AdminParts
    from server.audit.service import AuditService
    from server.chat.service import ChatService
    from server.clocks import Clocks
    from server.detection.parts import Detection
    from server.discovery.service import DiscoveryService
    from server.discovery.trainer import Trainer
    from server.draws.service import DrawService
    from server.emotes.service import EmoteService
    from server.feedback.service import FeedbackService
    from server.follows.service import FollowService
    from server.gateway.action_limits import ActionLimits
    from server.gifts.packets import RedPackets
    from server.gifts.service import GiftService
    from server.ledger.service import LedgerService
    from server.likes.service import LikeService
    from server.moderation.service import ModerationService
    from server.polls.service import PollService
    from server.privacy.erasing import Eraser
    from server.privacy.exporting import Exporter
    from server.privacy.service import PrivacyService
    from server.recording.offers import Offers
    from server.recording.replays import Replays
    from server.reports.service import ReportService
    from server.rooms.keeping import RoomKeeping
    from server.rooms.live_view import LiveView
    from server.rooms.service import RoomService
    from server.sanctions.service import SanctionService


@dataclass(frozen=True, kw_only=True)
class Services:
    """The same for all sockets."""

    accounts: AccountService
    profiles: Profiles
    rooms: RoomService
    chat: ChatService
    moderation: ModerationService
    likes: LikeService
    ledger: LedgerService
    gifts: GiftService
    packets: RedPackets
    polls: PollService
    draws: DrawService
    follows: FollowService
    privacy: PrivacyService
    exports: Exporter
    eraser: Eraser
    audit: AuditService
    sanctions: SanctionService
    keeping: RoomKeeping
    detection: Detection
    reports: ReportService
    feedback: FeedbackService
    discovery: DiscoveryService
    emotes: EmoteService
    trainer: Trainer
    replays: Replays
    offers: Offers
    live: LiveView
    admin: AdminParts
    limits: ActionLimits
    clocks: Clocks
