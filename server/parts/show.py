"""What viewers do besides talking: likes, coins and gifts, polls, lucky draws, emotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.draws.service import DrawService
from server.emotes.service import EmoteService
from server.gifts.catalogue import load_catalogue
from server.gifts.choices import GiftChoices
from server.gifts.packets import RedPackets
from server.gifts.service import GiftService
from server.ledger.service import LedgerService
from server.likes.service import LikeService
from server.polls.service import PollService

if TYPE_CHECKING:
    from server.parts.ground import Ground
    from server.parts.people import People


@dataclass(frozen=True, kw_only=True)
class Show:
    likes: LikeService
    ledger: LedgerService
    choices: GiftChoices
    gifts: GiftService
    packets: RedPackets
    polls: PollService
    draws: DrawService
    emotes: EmoteService


def build_show(ground: Ground, people: People) -> Show:
    store, clocks, random_bytes = ground.store, ground.clocks, ground.random_bytes
    users, post, plane = people.accounts, ground.hub.post, ground.plane
    ledger = LedgerService(store, users=users, clocks=clocks, random_bytes=random_bytes)
    choices = GiftChoices(load_catalogue(), store)
    return Show(
        likes=LikeService(
            live=plane,
            totals=ground.broadcasts,
            post=post,
            clocks=clocks,
            say_interval_s=ground.pace.say_likes_s,
            store_interval_s=ground.pace.store_likes_s,
        ),
        ledger=ledger,
        choices=choices,
        gifts=GiftService(ledger, plane, choices=choices, post=post, clocks=clocks),
        packets=RedPackets(
            store,
            ledger,
            plane,
            users=users,
            below=ground.random_below,
            post=post,
            clocks=clocks,
        ),
        polls=PollService(store, post=post, clocks=clocks, random_bytes=random_bytes),
        draws=DrawService(store, users=users, post=post, clocks=clocks, random_bytes=random_bytes),
        emotes=EmoteService(store, audit=people.audit, post=post, clocks=clocks),
    )
