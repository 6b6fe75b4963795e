"""What happens in Studio: to its scene, its mixer, its broadcast and its room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.state.keeping import KeepingEvent
from app.state.room_lead import LeadEvent
from app.state.rounds import RoundChange
from app.state.studio_qualities import MachineJudged, QualitiesChosen
from app.state.studio_recording import RecordingMeasured

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from app.state.pushing import StreamIn, TargetStatus
    from app.state.studio_health import Figures
    from app.state.studio_scene import Box, LayoutName, StudioItem
    from app.state.studio_sound import Channel, SoundFault
    from wire.coin_events import GiftSent
    from wire.event_base import DanmakuPosted
    from wire.room_events import RoomJoined

Privacy = Literal["public", "passphrase", "invite"]
NoticeKind = Literal[
    "failed",
    "file_refused",
    "image_refused",
    "url_refused",
    "source_lost",
    "source_restored",
    "source_damaged",
    "source_resumed",
    "source_ended",
    "encoder_replaced",
    "encoder_lost",
    "second_way_open",
    "second_way_closed",
]
Phase = Literal["preview", "starting", "live", "waiting", "ending"]
CheckState = Literal["unknown", "ok", "bad"]


@dataclass(frozen=True, slots=True)
class LayoutChosen:
    layout: LayoutName


@dataclass(frozen=True, slots=True)
class SceneRestored:
    """As it was left."""

    layout: LayoutName
    items: tuple[StudioItem, ...]
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class ItemAdded:
    item: StudioItem


@dataclass(frozen=True, slots=True)
class ItemRemoved:
    key: str


@dataclass(frozen=True, slots=True)
class ItemMoved:
    key: str
    box: Box


@dataclass(frozen=True, slots=True)
class ItemChanged:
    """Whatever is given; what is None stays."""

    key: str
    is_visible: bool | None = None
    is_mirrored: bool | None = None
    filters: tuple[str, ...] | None = None
    signal: str | None = None
    shape: float | None = None


@dataclass(frozen=True, slots=True)
class ItemRaised:
    """One step nearer to the viewer, or one further."""

    key: str
    is_up: bool = True


@dataclass(frozen=True, slots=True)
class ItemSelected:
    key: str


@dataclass(frozen=True, slots=True)
class ChannelAdded:
    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelRemoved:
    key: str


@dataclass(frozen=True, slots=True)
class ChannelChanged:
    key: str
    gain_db: float | None = None
    is_muted: bool | None = None
    is_noise_suppressed: bool | None = None
    signal: str | None = None


@dataclass(frozen=True, slots=True)
class MicrophonesHeld:
    held: bool


@dataclass(frozen=True, slots=True)
class LevelsMeasured:
    levels: tuple[tuple[str, float, float], ...]
    """Key, peak and RMS in dB."""
    master_peak_db: float


@dataclass(frozen=True, slots=True)
class FiguresMeasured:
    figures: Figures
    costs_ms: tuple[tuple[str, str, float], ...] = ()
    """Key, filter, milliseconds a picture."""


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    phase: Phase
    failure: LivehouseError | None = None
    """Why it is not live any more."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something failed or was healed; the words for it are in app/ui/studio/words.py."""

    kind: NoticeKind
    source: str = ""
    """A device's, a file's or an encoder's name."""
    error: LivehouseError | None = None
    """What failed, where the kind is "failed" or something was refused."""


@dataclass(frozen=True, slots=True)
class Noticed:
    notice: Notice


@dataclass(frozen=True, slots=True)
class Checked:
    """The pre-flight list."""

    checks: tuple[tuple[str, CheckState], ...]
    sound_faults: tuple[SoundFault, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatHeard:
    """It may be older than the newest: it was held, or delayed."""

    message: DanmakuPosted


@dataclass(frozen=True, slots=True)
class GiftHeard:
    sent: GiftSent


@dataclass(frozen=True, slots=True)
class RoomNamed:
    room: str
    title: str
    category: str = ""
    privacy: Privacy = "public"
    away_s: int = 0
    """How long the room waits for its host; 0: as the house says."""
    cover: str = ""
    """The id of its picture; empty: none."""
    room_id: str = ""
    """Rooms of two relays may have one name."""


@dataclass(frozen=True, slots=True)
class CoverCame:
    """The picture of an id, as the relay has it."""

    cover: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class LikesHeard:
    total: int


@dataclass(frozen=True, slots=True)
class RoomEntered:
    answer: RoomJoined


@dataclass(frozen=True, slots=True)
class StreamsTold:
    """The ways out and in."""

    targets: tuple[TargetStatus, ...]
    stream_in: StreamIn


KeptChange = LeadEvent | RoundChange | KeepingEvent
"""What changes the room as its keeper sees it."""

SceneEvent = (
    LayoutChosen
    | SceneRestored
    | ItemAdded
    | ItemRemoved
    | ItemMoved
    | ItemChanged
    | ItemRaised
    | ItemSelected
)
SoundEvent = ChannelAdded | ChannelRemoved | ChannelChanged | MicrophonesHeld | LevelsMeasured
PartEvent = (
    QualitiesChosen | MachineJudged | RoomEntered | KeptChange | RecordingMeasured | StreamsTold
)
"""What is kept as a piece of its own."""

Event = (
    SceneEvent
    | SoundEvent
    | PartEvent
    | FiguresMeasured
    | PhaseChanged
    | Noticed
    | Checked
    | ChatHeard
    | GiftHeard
    | RoomNamed
    | CoverCame
    | LikesHeard
)
