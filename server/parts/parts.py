"""All services of a relay on one ground, and their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.gateway.action_limits import ActionLimits
from server.gateway.services import Services
from server.parts.archive import Archive, build_archive
from server.parts.house import House, build_house
from server.parts.people import People, build_people
from server.parts.show import Show, build_show
from server.parts.talk import Talk, build_talk
from server.personal_parts import hold_recordings

if TYPE_CHECKING:
    from server.parts.ground import Ground


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Event loop's thread only."""

    ground: Ground
    people: People
    talk: Talk
    show: Show
    house: House
    archive: Archive

    def services(self) -> Services:
        """What control sessions work with."""
        people, talk, show, house = self.people, self.talk, self.show, self.house
        return Services(
            accounts=people.accounts,
            profiles=people.profiles,
            rooms=people.rooms,
            follows=people.follows,
            audit=people.audit,
            chat=talk.chat,
            moderation=talk.moderation,
            sanctions=talk.sanctions,
            keeping=talk.keeping,
            detection=talk.detection,
            reports=talk.reports,
            feedback=talk.feedback,
            likes=show.likes,
            ledger=show.ledger,
            gifts=show.gifts,
            packets=show.packets,
            polls=show.polls,
            draws=show.draws,
            emotes=show.emotes,
            privacy=house.privacy.service,
            exports=house.privacy.exports,
            eraser=house.privacy.eraser,
            discovery=house.discovery.service,
            trainer=house.discovery.trainer,
            replays=self.archive.replays,
            offers=self.archive.offers,
            admin=house.admin,
            live=self.ground.plane,
            limits=ActionLimits(self.ground.clocks.mono_s),
            clocks=self.ground.clocks,
        )

    async def close(self) -> None:
        """Write what is known, and leave nothing running."""
        people, talk, show, house = self.people, self.talk, self.show, self.house
        await self.archive.recording.close()
        await house.admin.storage.close()
        await people.accounts.write_seen()
        await house.discovery.close()
        await house.privacy.eraser.close()
        await house.privacy.exports.close()
        await talk.detection.close()
        await talk.chat.close()
        await talk.moderation.close()
        await show.likes.close()
        await show.packets.close()
        await show.ledger.close()
        await self.ground.hub.close()
        self.ground.hasher.close()


def build_parts(ground: Ground) -> Parts:
    people = build_people(ground)
    talk = build_talk(ground, people)
    show = build_show(ground, people)
    house = build_house(ground, people, talk, show)
    archive = build_archive(ground, people, talk)
    house.privacy.eraser.hold(hold_recordings(archive.recording))
    house.admin.storage.look_at_recordings = archive.recording.look
    return Parts(ground=ground, people=people, talk=talk, show=show, house=house, archive=archive)
