"""What Studio shows: scene, mixer, broadcast. Frozen; changed only by `apply`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import msgspec

from app.state.keeping import KeptRoom, merge_joined, merge_restored
from app.state.pushing import StreamIn, TargetStatus
from app.state.studio_events import (
    ChannelAdded,
    ChannelChanged,
    ChannelRemoved,
    ChatHeard,
    Checked,
    CheckState,
    CoverCame,
    Event,
    FiguresMeasured,
    GiftHeard,
    ItemAdded,
    ItemChanged,
    ItemMoved,
    ItemRaised,
    ItemRemoved,
    ItemSelected,
    KeptChange,
    LayoutChosen,
    LevelsMeasured,
    LikesHeard,
    MicrophonesHeld,
    Notice,
    Noticed,
    PartEvent,
    Phase,
    PhaseChanged,
    Privacy,
    RoomEntered,
    RoomNamed,
    SceneEvent,
    SceneRestored,
    SoundEvent,
)
from app.state.studio_health import Figures, Health, judge
from app.state.studio_qualities import MachineJudged, Qualities, QualitiesChosen
from app.state.studio_recording import LocalRecording, RecordingMeasured
from app.state.studio_scene import (
    LAYOUT_BOXES,
    LayoutName,
    StudioItem,
    arrange,
)
from wire.order_events import MessagesRestored

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from app.state.studio_sound import Channel, SoundFault
    from wire.coin_events import GiftSent
    from wire.event_base import DanmakuPosted
    from wire.room_events import RoomJoined

HISTORY_MAX: Final = 120
"""Figures come twice a second: one minute."""
NOTICES_MAX: Final = 20
CHAT_MAX: Final = 200
THANKS_MAX: Final = 200
COMBOS_MAX: Final = 12
"""So many of the last gifts may still be a combo that goes on."""


@dataclass(frozen=True, slots=True)
class StudioState:
    items: tuple[StudioItem, ...] = ()
    """The lowest first."""
    layout: LayoutName = "camera"
    selected: str = ""
    channels: tuple[Channel, ...] = ()
    master_peak_db: float = -90.0
    is_held: bool = False
    phase: Phase = "preview"
    failure: LivehouseError | None = None
    """Why it has stopped."""
    room: str = ""
    room_id: str = ""
    title: str = ""
    category: str = ""
    privacy: Privacy = "public"
    away_s: int = 0
    """How long the room waits for its host; 0: as the house says."""
    cover: str = ""
    """The id of the room's picture; empty: none."""
    cover_picture: bytes = b""
    """A JPEG, empty until it came; checked before it is decoded."""
    figures: Figures = field(default_factory=Figures)
    history: tuple[Figures, ...] = ()
    health: Health = field(default_factory=Health)
    costs_ms: tuple[tuple[str, str, float], ...] = ()
    checks: tuple[tuple[str, CheckState], ...] = ()
    sound_faults: tuple[SoundFault, ...] = ()
    """Which microphones viewers would not hear, and why; as old as `checks`."""
    qualities: Qualities = field(default_factory=Qualities)
    notices: tuple[Notice, ...] = ()
    notices_count: int = 0
    """All that there ever were, those that were forgotten too."""
    chat: tuple[DanmakuPosted, ...] = ()
    likes: int = 0
    """Of this broadcast."""
    thanks: tuple[GiftSent, ...] = ()
    kept: KeptRoom = field(default_factory=KeptRoom)
    """One's own room: what leads its chat, what waits, what is open."""
    recording: LocalRecording = field(default_factory=LocalRecording)
    targets: tuple[TargetStatus, ...] = ()
    """Services that the broadcast is also streamed to."""
    stream_in: StreamIn = field(default_factory=StreamIn)
    """The room's own port for OBS."""

    @property
    def is_on_air(self) -> bool:
        return self.phase in {"starting", "live", "waiting", "ending"}

    def find_item(self, key: str) -> StudioItem | None:
        return next((item for item in self.items if item.key == key), None)

    def apply(self, event: Event) -> StudioState:
        """The state after an event."""
        if isinstance(event, SceneEvent):
            return _apply_to_scene(self, event)
        if isinstance(event, SoundEvent):
            return _apply_to_sound(self, event)
        if isinstance(event, GiftHeard):
            return replace(self, thanks=_thank(self.thanks, event.sent))
        if isinstance(event, PartEvent):
            return _apply_to_parts(self, event)
        return _apply_to_broadcast(self, event)


def _apply_to_parts(state: StudioState, event: PartEvent) -> StudioState:
    if isinstance(event, QualitiesChosen | MachineJudged):
        return replace(state, qualities=state.qualities.apply(event))
    if isinstance(event, RoomEntered | KeptChange):
        return _keep(state, event)
    if isinstance(event, RecordingMeasured):
        return replace(state, recording=event.recording)
    return replace(state, targets=event.targets, stream_in=event.stream_in)


def _thank(thanks: tuple[GiftSent, ...], sent: GiftSent) -> tuple[GiftSent, ...]:
    """A combo that goes on is one line, the newest, with all its presses."""
    if sent.combo > sent.count:
        for number in range(1, min(COMBOS_MAX, len(thanks)) + 1):
            one = thanks[-number]
            if (one.user_id, one.gift_id) == (sent.user_id, sent.gift_id):
                whole = msgspec.structs.replace(
                    sent, count=one.count + sent.count, coins=one.coins + sent.coins
                )
                return (*(other for other in thanks if other is not one), whole)
    return (*thanks, sent)[-THANKS_MAX:]


def _keep(state: StudioState, event: RoomEntered | KeptChange) -> StudioState:
    """What was deleted leaves the chat too, and what is restored comes back."""
    if isinstance(event, RoomEntered):
        return _enter(state, event.answer)
    kept, chat = state.kept.apply(event), state.chat
    if isinstance(event, MessagesRestored):
        chat = merge_restored(chat, event.messages)[-CHAT_MAX:]
    if kept.keeping.gone is not state.kept.keeping.gone:
        chat = _without(chat, kept)
    return replace(state, kept=kept, chat=chat)


def _enter(state: StudioState, answer: RoomJoined) -> StudioState:
    """The room that one was in, after a cut; or another one, of which nothing is known."""
    if state.kept.room_id not in {None, answer.room.room_id}:
        state = replace(state, kept=KeptRoom(), chat=(), thanks=())
    kept = state.kept.join(answer, state.chat)
    chat = merge_joined(state.chat, answer.messages, kept.keeping.gone)[-CHAT_MAX:]
    return replace(state, kept=kept, chat=chat)


def _without(chat: tuple[DanmakuPosted, ...], kept: KeptRoom) -> tuple[DanmakuPosted, ...]:
    """What was deleted."""
    gone = set(kept.keeping.gone)
    return tuple(message for message in chat if message.message_id not in gone)


def _apply_to_scene(state: StudioState, event: SceneEvent) -> StudioState:
    match event:
        case LayoutChosen(layout):
            changed = replace(state, layout=layout, items=arrange(state.items, layout))
        case SceneRestored(layout, items, channels):
            # What the user was quicker to add stays, in front.
            changed = replace(
                state,
                layout=layout,
                items=(*items, *state.items),
                channels=(*channels, *state.channels),
            )
        case ItemAdded(item):
            others = tuple(other for other in state.items if other.key != item.key)
            items = (*others, item)
            if item.kind in LAYOUT_BOXES[state.layout]:
                # What was just added is what the user wants to see: it has its place first.
                items = arrange(items, state.layout, newest=item.key)
            changed = replace(state, items=items, selected=item.key)
        case ItemRemoved(key):
            items = tuple(item for item in state.items if item.key != key)
            selected = "" if state.selected == key else state.selected
            changed = replace(state, items=items, selected=selected)
        case ItemMoved(key, box):
            changed = _replace_item(state, key, box=box.clamped())
        case ItemRaised(key, is_up):
            changed = replace(state, items=_moved(state.items, key, 1 if is_up else -1))
        case ItemSelected(key):
            changed = replace(state, selected=key)
        case ItemChanged(key):
            given = {
                name: value
                for name in ("is_visible", "is_mirrored", "filters", "signal", "shape")
                if (value := getattr(event, name)) is not None
            }
            changed = _replace_item(state, key, **given)
    return changed


def _apply_to_sound(state: StudioState, event: SoundEvent) -> StudioState:
    match event:
        case ChannelAdded(channel):
            others = tuple(other for other in state.channels if other.key != channel.key)
            return replace(state, channels=(*others, channel))
        case ChannelRemoved(key):
            left = tuple(channel for channel in state.channels if channel.key != key)
            return replace(state, channels=left)
        case MicrophonesHeld(held):
            return replace(state, is_held=held)
        case LevelsMeasured(levels, master_peak_db):
            found = {key: (peak, rms) for key, peak, rms in levels}
            channels = tuple(
                replace(channel, peak_db=found[channel.key][0], rms_db=found[channel.key][1])
                if channel.key in found
                else channel
                for channel in state.channels
            )
            return replace(state, channels=channels, master_peak_db=master_peak_db)
        case ChannelChanged(key):
            given = {
                name: value
                for name in ("gain_db", "is_muted", "is_noise_suppressed", "signal")
                if (value := getattr(event, name)) is not None
            }
            channels = tuple(
                replace(channel, **given) if channel.key == key else channel
                for channel in state.channels
            )
            return replace(state, channels=channels)


def _apply_to_broadcast(
    state: StudioState,
    event: FiguresMeasured
    | PhaseChanged
    | Noticed
    | Checked
    | ChatHeard
    | RoomNamed
    | CoverCame
    | LikesHeard,
) -> StudioState:
    match event:
        case FiguresMeasured(figures, costs_ms):
            history = (*state.history, figures)[-HISTORY_MAX:]
            if not state.is_on_air:
                history = ()
            health = judge(figures, state.figures, state.phase)
            return replace(
                state, figures=figures, history=history, health=health, costs_ms=costs_ms
            )
        case PhaseChanged(phase, failure):
            health = judge(state.figures, state.figures, phase)
            return replace(state, phase=phase, failure=failure, health=health)
        case Noticed(notice):
            notices = (*state.notices, notice)[-NOTICES_MAX:]
            return replace(state, notices=notices, notices_count=state.notices_count + 1)
        case Checked(checks, sound_faults):
            return replace(state, checks=checks, sound_faults=sound_faults)
        case ChatHeard() | LikesHeard() | RoomNamed() | CoverCame():
            return _apply_to_room(state, event)


def _apply_to_room(
    state: StudioState, event: ChatHeard | LikesHeard | RoomNamed | CoverCame
) -> StudioState:
    match event:
        case ChatHeard(message):
            if any(one.message_id == message.message_id for one in state.chat):
                return state
            return replace(state, chat=(*state.chat, message)[-CHAT_MAX:])
        case LikesHeard(total):
            return replace(state, likes=total)
        case CoverCame(cover, picture):
            return replace(state, cover_picture=picture) if cover == state.cover else state
        case RoomNamed(room, title, category, privacy, away_s, cover, room_id):
            return replace(
                state,
                room=room,
                room_id=room_id,
                title=title,
                category=category,
                privacy=privacy,
                away_s=away_s,
                cover=cover,
                cover_picture=state.cover_picture if cover == state.cover else b"",
            )


def _replace_item(state: StudioState, key: str, **changes: object) -> StudioState:
    items = tuple(
        replace(item, **changes) if item.key == key else item  # type: ignore[arg-type] # by name
        for item in state.items
    )
    return replace(state, items=items)


def _moved(items: tuple[StudioItem, ...], key: str, step: int) -> tuple[StudioItem, ...]:
    order = list(items)
    places = [index for index, item in enumerate(order) if item.key == key]
    if not places or not 0 <= places[0] + step < len(order):
        return items
    item = order.pop(places[0])
    order.insert(places[0] + step, item)
    return tuple(order)
