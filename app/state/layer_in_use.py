"""Which quality the relay sends, and why it is not the one that was chosen. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from wire import events, media_events, room_events

if TYPE_CHECKING:
    from wire.media_commands import LayerChoice
    from wire.tracks import TrackInfo

Cause = Literal["", "connection", "computer", "data_saver"]
"""Why less than the best is shown; empty where nothing holds it back."""


@dataclass(frozen=True, slots=True)
class LayerInUse:
    """What the relay told last."""

    layer: int | None = None
    """None: not told yet, or nothing is live."""
    is_sound_only: bool = False
    """The connection carries no picture: it comes back by itself."""
    held_back_by: Cause = ""
    """What last took the picture down a step, until it is back at the best."""

    def apply(self, event: events.RoomEvent | events.SubscriberEvent) -> LayerInUse:
        """Itself where the event tells nothing of it."""
        match event:
            case media_events.Subscribed(layer=layer):
                return LayerInUse(layer if isinstance(layer, int) else None)
            case media_events.LayerSelected(audio_only=True, reason=reason):
                return LayerInUse(None, is_sound_only=reason != "chosen", held_back_by="connection")
            case media_events.LayerSelected(layer=layer, reason=reason):
                return LayerInUse(layer, held_back_by=self._find_cause(reason))
            case room_events.BroadcastStarted() | room_events.BroadcastEnded():
                return LayerInUse()
            case room_events.BroadcastResumed() if self.is_sound_only:
                return replace(self, is_sound_only=False)
            case _:
                return self

    def explain(
        self, wish: LayerChoice, tracks: tuple[TrackInfo, ...], *, saves_data: bool
    ) -> Cause:
        """Why it is not the best that the user's choice allows."""
        if self.is_sound_only:
            return "connection"
        if self.layer is None or not tracks:
            return ""
        layers = [track.layer for track in tracks]
        best = max(layers)
        if wish != "auto":
            best = max([layer for layer in layers if layer <= wish], default=min(layers))
        if self.layer >= best:
            return ""
        if self.held_back_by in {"connection", "computer"}:
            return self.held_back_by
        return "data_saver" if saves_data and wish == "auto" else ""

    def _find_cause(self, reason: str) -> Cause:
        causes: dict[str, Cause] = {
            "viewer_slow": "connection",
            "viewer_busy": "computer",
            "data_saver": "",
            "chosen": "",
        }
        return causes.get(reason, self.held_back_by)


NOTHING_IN_USE: Final = LayerInUse()
