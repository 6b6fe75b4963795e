"""What the Room page shows. Frozen; changed only by `apply(event)`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from app.state.keeping import (
    Keeping,
    KeepingEvent,
    KeptRoom,
    OwnSanctionsRead,
    merge_joined,
    merge_restored,
)
from app.state.layer_in_use import NOTHING_IN_USE, LayerInUse
from app.state.room_lead import NO_LEAD, Followed, LeadEvent, RoomLead
from app.state.rounds import RoundChange, Rounds
from wire import (
    chat_events,
    coin_events,
    emotes_events,
    event_base,
    events,
    media_events,
    order_events,
    room_events,
)
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from wire.ids import RoomId
    from wire.media_commands import LayerChoice
    from wire.tracks import TrackInfo

MESSAGES_MAX: Final = 1000

Phase = Literal["nothing", "joining", "joined", "refused"]
StageKind = Literal[
    "empty", "joining", "refused", "offline", "starting", "live", "away", "ended", "cut", "sound"
]
"""What stands on the stage; only "live" is a moving picture."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """How watching goes, from the newest measure. Durations in milliseconds."""

    frames: int = 0
    frames_dropped: int = 0
    fps: float = 0.0
    latency_ms: float = 0.0
    delay_ms: float = 0.0
    buffer_ms: float = 0.0
    jitter_ms: float = 0.0
    round_trip_ms: float = 0.0
    decode_ms: float = 0.0
    av_offset_ms: float = 0.0
    rate_bps: float = 0.0
    stalls: int = 0
    relay_dropped: int = 0
    """Pictures that the relay left out because this link was slow."""
    reconnects: int = 0
    layer: int | None = None
    has_packets: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The user chose a room."""

    room_id: RoomId


@dataclass(frozen=True, slots=True)
class Closed:
    """The user left."""


@dataclass(frozen=True, slots=True)
class Joined:
    answer: room_events.RoomJoined


@dataclass(frozen=True, slots=True)
class JoinRefused:
    code: ErrorCode
    words: str


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The media link."""

    state: Literal["connecting", "connected", "waiting", "ended"]


@dataclass(frozen=True, slots=True)
class SendBegun:
    text: str


@dataclass(frozen=True, slots=True)
class SendEnded:
    """Accepted where `code` is None."""

    code: ErrorCode | None = None
    words: str = ""
    retry_at_mono_ms: int | None = None
    is_held: bool = False
    """Accepted, and nobody sees it before it is let through."""


@dataclass(frozen=True, slots=True)
class Measured:
    statistics: Statistics


@dataclass(frozen=True, slots=True)
class QualityChosen:
    layer: LayerChoice
    audio_only: bool
    saves_data: bool = False


@dataclass(frozen=True, slots=True)
class DelayChosen:
    delay_ms: int


@dataclass(frozen=True, slots=True)
class SoundChosen:
    volume: float
    is_muted: bool


@dataclass(frozen=True, slots=True)
class SoundRouted:
    """Where the sound goes: to the chosen device, to the default in its place, or nowhere."""

    kind: Literal["chosen", "default", "silent"]
    wanted: str = ""
    """The name of what was chosen; empty for the system's default."""
    words: str = ""
    """Why nothing sounds."""


@dataclass(frozen=True, slots=True)
class PauseChosen:
    is_paused: bool


Change = (
    Opened
    | Closed
    | Joined
    | JoinRefused
    | LinkChanged
    | SendBegun
    | SendEnded
    | Measured
    | QualityChosen
    | DelayChosen
    | SoundChosen
    | SoundRouted
    | PauseChosen
    | RoundChange
    | Followed
    | KeepingEvent
    | events.RoomEvent
    | events.SubscriberEvent
)


@dataclass(frozen=True, slots=True)
class RoomState:
    """One room, from its choice to its end."""

    room_id: RoomId | None = None
    phase: Phase = "nothing"
    refusal: tuple[ErrorCode, str] | None = None
    room: event_base.RoomInfo | None = None
    role: event_base.Role = "guest"
    viewers: int = 0
    broadcast: event_base.BroadcastInfo | None = None
    end_reason: event_base.EndReason | None = None
    """Why the last broadcast ended; None before one did."""
    messages: tuple[event_base.DanmakuPosted, ...] = ()
    red_packets: tuple[coin_events.RedPacketOpened, ...] = ()
    """As they were at the last join."""
    link: Literal["connecting", "connected", "waiting", "ended"] = "connecting"
    is_cut: bool = False
    """The link was lost and does not stand again yet, also while it is being tried."""
    layer_wish: LayerChoice = "auto"
    is_audio_only: bool = False
    saves_data: bool = False
    in_use: LayerInUse = NOTHING_IN_USE
    """What the relay sends of the qualities."""
    delay_ms: int = 200
    volume: float = 1.0
    is_muted: bool = False
    is_paused: bool = False
    sound_missing: str = ""
    """Why there is no sound; the picture goes on without."""
    sound_replaced: str = ""
    """The device that is gone and that the system's default stands in for."""
    sending: str | None = None
    """The text that is on its way."""
    send_refusal: SendEnded | None = None
    is_last_held: bool = False
    """What was sent last waits for review."""
    lead: RoomLead = NO_LEAD
    """What stands above the chat, its rules, and following."""
    statistics: Statistics = Statistics()
    likes: int = 0
    """Of what is live, or was live last."""
    rounds: Rounds = field(default_factory=Rounds)
    """The poll and the lucky draw."""
    keeping: Keeping = field(default_factory=Keeping)
    """What waits for review, and what was deleted."""

    @property
    def stage(self) -> StageKind:
        """What to show where the picture goes."""
        if self.phase != "joined":
            kinds: dict[Phase, StageKind] = {
                "nothing": "empty",
                "joining": "joining",
                "refused": "refused",
            }
            return kinds.get(self.phase, "empty")
        if self.is_cut:
            return "cut"
        if self.broadcast is None:
            return "ended" if self.end_reason is not None else "offline"
        if self.broadcast.state == "away":
            return "away"
        if not self.statistics.has_packets:
            return "starting"
        has_picture = bool(self.video_tracks) and not self.in_use.is_sound_only
        return "live" if has_picture and not self.is_audio_only else "sound"

    @property
    def video_tracks(self) -> tuple[TrackInfo, ...]:
        """The layers that can be chosen, best first."""
        tracks = self.broadcast.tracks if self.broadcast is not None else ()
        video = [track for track in tracks if track.kind == "video"]
        return tuple(sorted(video, key=lambda track: -track.layer))

    @property
    def can_send(self) -> bool:
        return self.phase == "joined" and self.sending is None and self.role != "guest"

    @property
    def kept(self) -> KeptRoom:
        """For the controls of those who keep the room in order."""
        room_id = self.room_id if self.phase == "joined" else None
        return KeptRoom(room_id, self.role, self.lead, self.rounds, self.keeping)

    def apply(self, change: Change) -> RoomState:
        """The state after `change`; itself where it does not concern this room."""
        match change:
            case Opened() | Closed():
                return RoomState(
                    room_id=change.room_id if isinstance(change, Opened) else None,
                    phase="joining" if isinstance(change, Opened) else "nothing",
                    delay_ms=self.delay_ms,
                    volume=self.volume,
                    is_muted=self.is_muted,
                    saves_data=self.saves_data,
                )
            case Joined() | JoinRefused() | LinkChanged() | Measured() | SoundRouted():
                return self._apply_progress(change)
            case SendBegun() | SendEnded():
                return self._apply_sending(change)
            case QualityChosen() | DelayChosen() | SoundChosen() | PauseChosen():
                return self._apply_choice(change)
            case (
                Followed()
                | chat_events.ChatRulesChanged()
                | chat_events.MessagePinned()
                | chat_events.Announced()
                | emotes_events.EmotesChanged()
            ):
                return self._apply_lead(change)
            case _:
                return self._apply_event(change)

    def _apply_progress(
        self, change: Joined | JoinRefused | LinkChanged | Measured | SoundRouted
    ) -> RoomState:
        match change:
            case Joined(answer):
                keeping = self.keeping.join(answer, self.messages)
                messages = merge_joined(self.messages, answer.messages, keeping.gone)
                return replace(
                    self,
                    phase="joined",
                    refusal=None,
                    room=answer.room,
                    role=answer.role,
                    viewers=answer.room.viewers,
                    broadcast=answer.room.broadcast,
                    likes=answer.likes,
                    rounds=self.rounds.join(answer),
                    lead=self.lead.apply(answer),
                    messages=messages[-MESSAGES_MAX:],
                    red_packets=answer.red_packets,
                    keeping=keeping,
                )
            case JoinRefused(code, words):
                return replace(self, phase="refused", refusal=(code, words), sending=None)
            case LinkChanged(state):
                is_down = state in {"waiting", "ended"}
                is_cut = is_down or (state == "connecting" and self.is_cut)
                return replace(self, link=state, is_cut=is_cut)
            case Measured(statistics):
                return replace(self, statistics=statistics)
            case SoundRouted(kind, wanted, words):
                return replace(
                    self,
                    sound_missing=(words or "no output") if kind == "silent" else "",
                    sound_replaced=wanted if kind == "default" else "",
                )

    def _apply_sending(self, change: SendBegun | SendEnded) -> RoomState:
        if isinstance(change, SendBegun):
            return replace(self, sending=change.text, send_refusal=None, is_last_held=False)
        refusal = change if change.code is not None else None
        return replace(self, sending=None, send_refusal=refusal, is_last_held=change.is_held)

    def _apply_choice(
        self, change: QualityChosen | DelayChosen | SoundChosen | PauseChosen
    ) -> RoomState:
        match change:
            case QualityChosen(layer, audio_only, saves_data):
                return replace(
                    self, layer_wish=layer, is_audio_only=audio_only, saves_data=saves_data
                )
            case DelayChosen(delay_ms):
                return replace(self, delay_ms=delay_ms)
            case SoundChosen(volume, is_muted):
                return replace(self, volume=volume, is_muted=is_muted)
            case PauseChosen(is_paused):
                return replace(self, is_paused=is_paused)

    def _apply_lead(self, change: Followed | LeadEvent) -> RoomState:
        if getattr(change, "room_id", self.room_id) != self.room_id:
            return self
        return replace(self, lead=self.lead.apply(change))

    def _apply_event(
        self, event: RoundChange | KeepingEvent | events.RoomEvent | events.SubscriberEvent
    ) -> RoomState:
        if self.room_id is None or getattr(event, "room_id", self.room_id) != self.room_id:
            return self
        match event:
            case event_base.DanmakuPosted():
                if any(m.message_id == event.message_id for m in self.messages[-20:]):
                    return self
                return replace(self, messages=(*self.messages, event)[-MESSAGES_MAX:])
            case room_events.ViewersChanged() | chat_events.LikesCounted():
                return self._apply_count(event)
            case room_events.RoomChanged(room=room):
                return replace(self, room=room) if room.room_id == self.room_id else self
            case _ if isinstance(event, KeepingEvent):
                changed = self._apply_keeping(event)
            case _ if isinstance(event, RoundChange):
                changed = replace(self, rounds=self.rounds.apply(event))
            case _:
                changed = self._apply_broadcast(event)
                in_use = changed.in_use.apply(event)
                changed = changed if in_use is changed.in_use else replace(changed, in_use=in_use)
        return changed

    def _apply_keeping(self, event: KeepingEvent) -> RoomState:
        changed = replace(self, keeping=self.keeping.apply(event))
        match event:
            case order_events.MessagesDeleted(message_ids=message_ids):
                left = tuple(m for m in self.messages if m.message_id not in message_ids)
                return replace(changed, messages=left, lead=self.lead.drop(message_ids))
            case order_events.MessagesRestored(messages=messages):
                merged = merge_restored(self.messages, messages)[-MESSAGES_MAX:]
                return replace(changed, messages=merged)
            case OwnSanctionsRead(sanctions=()) if _is_of_a_sanction(self.send_refusal):
                return replace(changed, send_refusal=None)
            case _:
                return changed

    def _apply_broadcast(self, event: events.RoomEvent | events.SubscriberEvent) -> RoomState:
        match event:
            case media_events.Subscribed(broadcast=broadcast):
                return replace(self, broadcast=broadcast)
            case room_events.BroadcastStarted() | room_events.BroadcastResumed():
                likes = 0 if isinstance(event, room_events.BroadcastStarted) else self.likes
                return replace(self, broadcast=event.broadcast, end_reason=None, likes=likes)
            case room_events.BroadcastAway(broadcast_id=broadcast_id):
                return self._away(broadcast_id)
            case room_events.BroadcastEnded(reason=reason):
                return replace(self, broadcast=None, end_reason=reason)
            case room_events.TracksChanged(tracks=tracks) if self.broadcast is not None:
                return replace(self, broadcast=_with(self.broadcast, tracks=tracks))
            case _:
                return self

    def _apply_count(
        self, event: room_events.ViewersChanged | chat_events.LikesCounted
    ) -> RoomState:
        if isinstance(event, room_events.ViewersChanged):
            return replace(self, viewers=event.viewers)
        return replace(self, likes=event.total)

    def _away(self, broadcast_id: str) -> RoomState:
        if self.broadcast is None or self.broadcast.broadcast_id != broadcast_id:
            return self
        return replace(self, broadcast=_with(self.broadcast, state="away"))


def _is_of_a_sanction(refusal: SendEnded | None) -> bool:
    codes = {ErrorCode.MUTED, ErrorCode.KICKED, ErrorCode.BANNED}
    return refusal is not None and refusal.code in codes


def _with(
    broadcast: event_base.BroadcastInfo,
    *,
    state: event_base.BroadcastState | None = None,
    tracks: tuple[TrackInfo, ...] | None = None,
) -> event_base.BroadcastInfo:
    return event_base.BroadcastInfo(
        broadcast_id=broadcast.broadcast_id,
        started_at_unix_us=broadcast.started_at_unix_us,
        state=broadcast.state if state is None else state,
        tracks=broadcast.tracks if tracks is None else tracks,
    )
