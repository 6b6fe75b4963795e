"""Client to relay: what was seen of a list, what is believed of oneself, and training."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from wire import limits
from wire.command_base import Command, Key, RoomIdField, UserIdField
from wire.event_base import ReasonKind
from wire.replay_commands import ReplayIdField


class Impression(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One card that was on the screen for a second, or that was clicked."""

    key: Key
    """Of this impression: sent again it counts once."""
    room_id: RoomIdField
    position: Annotated[int, Meta(ge=0, le=10_000)] = 0
    """In its list, from 0."""
    reason: ReasonKind | None = None
    """The kind of reason that stood on it."""
    is_clicked: bool = False
    replay_id: ReplayIdField | None = None
    """Of the room, where the card was a recording's."""


class RecordImpressions(Command, frozen=True, kw_only=True):
    """What was seen of a list; many at once, every few seconds. Answer: Ok.

    Nothing is kept for a user who does not want it.
    """

    impressions: Annotated[tuple[Impression, ...], Meta(max_length=limits.IMPRESSIONS_MAX)] = ()


class RecordShare(Command, frozen=True, kw_only=True):
    """The user copied a link to a room, or showed it around. Answer: Ok."""

    room_id: RoomIdField
    key: Key


class HideStreamer(Command, frozen=True, kw_only=True):
    """Never recommend a streamer, or do again. Answer: HiddenChanged."""

    user_id: UserIdField
    is_hidden: bool = True


class GetBelief(Command, frozen=True, kw_only=True):
    """What recommendations are made from. Answer: Belief."""


class ExplainRoom(Command, frozen=True, kw_only=True):
    """What the place of one room in the user's list is made of. Answer: Explanation."""

    room_id: RoomIdField


class ResetBelief(Command, frozen=True, kw_only=True):
    """Forget all that was recorded of the user, and corrections; hidden stay. Answer: Ok."""


class CorrectBelief(Command, frozen=True, kw_only=True):
    """More or less of one streamer or of one category; one of both is given. Answer: Belief."""

    user_id: UserIdField | None = None
    category: Annotated[str, Meta(max_length=limits.ROOM_CATEGORY_CHARACTERS_MAX)] = ""
    weight: Annotated[float, Meta(ge=0, le=2)] = 1.0
    """0: hardly any, 1: as learned, 2: much more."""


class ListPeople(Command, frozen=True, kw_only=True):
    """Whom the user may know. Answer: People."""

    limit: Annotated[int, Meta(ge=1, le=limits.PEOPLE_MAX)] = 12


class GetQuality(Command, frozen=True, kw_only=True):
    """How the recommendations did, day by day. Answer: QualityReport."""

    days: Annotated[int, Meta(ge=1, le=366)] = 30


class ListModels(Command, frozen=True, kw_only=True):
    """The models that are kept, and how far a training is. Answer: Models."""


class TrainNow(Command, frozen=True, kw_only=True):
    """Begin a training; where one runs, nothing. Answer: Models."""


class CancelTraining(Command, frozen=True, kw_only=True):
    """Stop the training that runs. Answer: Models."""


class RollBack(Command, frozen=True, kw_only=True):
    """Let an earlier model serve. Answer: Models."""

    model_id: Annotated[str, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
