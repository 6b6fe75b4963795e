"""Accounts and what they have: rooms, whom they follow, what they did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.accounts.common_passwords import load_common_passwords
from server.accounts.keeping import UserKeeping
from server.accounts.known_users import KnownUsers
from server.accounts.profiles import Profiles
from server.accounts.service import AccountService
from server.admin.gates import Gates
from server.admin.rules import ROOMS_PER_USER_MAX
from server.audit.service import AuditService
from server.follows.service import FollowService
from server.rooms.service import RoomService

if TYPE_CHECKING:
    from server.parts.ground import Ground


@dataclass(frozen=True, kw_only=True)
class People:
    accounts: AccountService
    profiles: Profiles
    keeping: UserKeeping
    rooms: RoomService
    follows: FollowService
    audit: AuditService


def build_people(ground: Ground) -> People:
    store, clocks, random_bytes = ground.store, ground.clocks, ground.random_bytes
    known, common_passwords = KnownUsers(), load_common_passwords()
    accounts = AccountService(
        store,
        clocks=clocks,
        random_bytes=random_bytes,
        hasher=ground.hasher,
        known=known,
        common_passwords=common_passwords,
        bars=ground.standings,
    )
    return People(
        accounts=accounts,
        profiles=Profiles(store, known=known, clocks=clocks),
        keeping=UserKeeping(
            store,
            accounts=accounts,
            known=known,
            hasher=ground.hasher,
            common_passwords=common_passwords,
            clocks=clocks,
            random_bytes=random_bytes,
        ),
        rooms=RoomService(
            store,
            ground.plane,
            users=accounts,
            open_broadcasts=ground.broadcasts,
            bars=ground.standings,
            clocks=clocks,
            random_bytes=random_bytes,
            hasher=ground.hasher,
            room_key_secret=ground.room_key_secret,
            rooms_per_user_max=lambda: ground.settings.number(ROOMS_PER_USER_MAX),
            check_guest=Gates(ground.settings).check_guest,
        ),
        follows=FollowService(store, users=accounts, clocks=clocks),
        audit=AuditService(
            store,
            users=accounts,
            post_to_leaders=ground.hub.post_to_leaders,
            clocks=clocks,
            random_bytes=random_bytes,
        ),
    )
