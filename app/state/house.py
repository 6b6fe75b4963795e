"""Where the user is: the relay, the account and the link between them. Changed only by `apply`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from wire.event_base import UserInfo

Link = Literal["none", "starting", "connecting", "connected", "waiting", "ended"]
"""none: no relay chosen; starting: the bundled relay comes up."""


@dataclass(frozen=True, slots=True)
class RelayChosen:
    url: str
    pin: str | None
    is_hosted: bool
    invite_link: str = ""


@dataclass(frozen=True, slots=True)
class HostingBegun:
    """The bundled relay is being started."""


@dataclass(frozen=True, slots=True)
class RelayDied:
    """The relay hosted here ended unasked and is being started again."""


@dataclass(frozen=True, slots=True)
class LinkChanged:
    link: Link
    words: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    user: UserInfo
    has_made_password: bool = False


@dataclass(frozen=True, slots=True)
class SignedOut:
    pass


@dataclass(frozen=True, slots=True)
class RelayLeft:
    words: str = ""


@dataclass(frozen=True, slots=True)
class HomeRoomFound:
    """The user's own room on this relay, where Studio goes live."""

    room_id: str
    invite_link: str = ""
    lan_host: str = ""


Change = (
    RelayChosen
    | HostingBegun
    | RelayDied
    | LinkChanged
    | SignedIn
    | SignedOut
    | RelayLeft
    | HomeRoomFound
)


@dataclass(frozen=True, slots=True)
class HouseState:
    """What all pages share."""

    url: str = ""
    pin: str | None = None
    is_hosted: bool = False
    invite_link: str = ""
    """For others on the LAN; only where the relay is hosted here."""
    lan_host: str = ""
    """The address in that link; empty where others cannot reach this computer."""
    link: Link = "none"
    words: str = ""
    """Why the link waits or ended, as the relay or the system said it."""
    is_reopening: bool = False
    """The hosted relay died; it is being started again, or the link to it is not back yet."""
    user: UserInfo | None = None
    has_made_password: bool = False
    """The program made it up and still has it: nobody has to type it to change it."""
    home_room_id: str = ""

    @property
    def is_connected(self) -> bool:
        return self.link == "connected"

    @property
    def has_relay(self) -> bool:
        return bool(self.url)

    def apply(self, change: Change) -> HouseState:
        match change:
            case RelayChosen(url, pin, is_hosted, invite):
                new = HouseState(url=url, pin=pin, is_hosted=is_hosted, invite_link=invite)
                return replace(new, link="connecting")
            case HostingBegun():
                return HouseState(is_hosted=True, link="starting")
            case RelayLeft(words):
                return HouseState(words=words)
            case _:
                return self._apply_within(change)

    def _apply_within(
        self, change: RelayDied | LinkChanged | SignedIn | SignedOut | HomeRoomFound
    ) -> HouseState:
        """What changes nothing about which relay it is."""
        match change:
            case RelayDied():
                return replace(self, is_reopening=True)
            case LinkChanged(link, words):
                is_reopening = self.is_reopening and link != "connected"
                return replace(self, link=link, words=words, is_reopening=is_reopening)
            case SignedIn(user, has_made_password):
                return replace(self, user=user, has_made_password=has_made_password)
            case SignedOut():
                return replace(self, user=None, has_made_password=False, home_room_id="")
            case HomeRoomFound(room_id, invite, lan_host):
                return replace(self, home_room_id=room_id, invite_link=invite, lan_host=lan_host)
