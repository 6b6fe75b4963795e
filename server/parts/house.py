"""What looks at all other services: the admins' tools, privacy, discovery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.admin.parts import AdminParts, make_admin_parts
from server.admin.waiting import Waiting
from server.discovery.building import build_discovery
from server.personal_parts import Privacy, build_privacy, hold, hold_discovery
from server.rooms.overseeing import RoomOversight

if TYPE_CHECKING:
    from server.discovery.building import Discovery
    from server.parts.ground import Ground
    from server.parts.people import People
    from server.parts.show import Show
    from server.parts.talk import Talk


@dataclass(frozen=True, kw_only=True)
class House:
    admin: AdminParts
    privacy: Privacy
    discovery: Discovery


def build_house(ground: Ground, people: People, talk: Talk, show: Show) -> House:
    privacy = _build_privacy(ground, people, talk, show)
    discovery = build_discovery(
        ground.store,
        database_url=ground.database_url,
        live=ground.plane,
        open_room_ids=ground.broadcasts.open_room_ids,
        rooms=people.rooms,
        users=people.accounts,
        follows=people.follows,
        may_record=privacy.service.may_record,
        clocks=ground.clocks,
        random_bytes=ground.random_bytes,
    )
    privacy.eraser.hold(hold_discovery(discovery.service))
    admin = _build_admin(ground, people, talk, show)
    return House(admin=admin, privacy=privacy, discovery=discovery)


def _build_admin(ground: Ground, people: People, talk: Talk, show: Show) -> AdminParts:
    return make_admin_parts(
        ground.store,
        audit=people.audit,
        settings=ground.settings,
        tally=ground.tally,
        read=ground.read,
        data_dir=ground.data_dir,
        database=ground.database,
        users=people.keeping,
        rooms=RoomOversight(
            ground.store,
            rooms=people.rooms,
            live=ground.plane,
            open_broadcasts=ground.broadcasts,
            post=ground.hub.post,
            clocks=ground.clocks,
        ),
        gifts=show.choices,
        waiting=Waiting(
            ground.store,
            count_reports=talk.reports.count_open,
            count_feedback=talk.feedback.count_new,
            users=people.accounts,
            users_online=ground.registry.users_online,
            tell_users=ground.registry.tell_users,
        ),
        clocks=ground.clocks,
    )


def _build_privacy(ground: Ground, people: People, talk: Talk, show: Show) -> Privacy:
    return build_privacy(
        ground.store,
        folder=ground.data_dir,
        retention=ground.retention,
        clocks=ground.clocks,
        random_bytes=ground.random_bytes,
        holders=hold(
            plane=ground.plane,
            accounts=people.accounts,
            rooms=people.rooms,
            chat=talk.chat,
            polls=show.polls,
            draws=show.draws,
            follows=people.follows,
            moderation=talk.moderation,
            emotes=show.emotes,
            packets=show.packets,
            standings=ground.standings,
            identities=talk.detection.identities,
        ),
    )
