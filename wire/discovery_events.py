"""Relay to client: what is recommended and why, what is believed of a user, how well it does."""

from __future__ import annotations

from typing import Literal

from wire.event_base import Answer, Data, UserInfo
from wire.ids import RoomId, UserId

TrainingState = Literal["idle", "running", "done", "failed", "cancelled"]
PersonKind = Literal["mutual", "taste"]


class BelievedStreamer(Data, frozen=True, kw_only=True):
    user: UserInfo
    share: float
    """Of all that is believed of the user's taste, 0 to 1."""
    visits: int = 0
    minutes: int = 0
    last_at_unix_ms: int = 0
    weight: float = 1.0
    """As the user corrected it; 1: as it was learned."""


class BelievedCategory(Data, frozen=True, kw_only=True):
    category: str
    share: float
    weight: float = 1.0


class Belief(Answer, frozen=True, kw_only=True):
    """What recommendations are made from, strongest first."""

    streamers: tuple[BelievedStreamer, ...] = ()
    categories: tuple[BelievedCategory, ...] = ()
    hidden: tuple[UserInfo, ...] = ()
    """Streamers that are never recommended."""
    visits: int = 0
    personal_share: float = 0.0
    """How much of the order is the user's own taste, 0 to 1; the rest is what all like."""
    is_recorded: bool = True


class ScorePart(Data, frozen=True, kw_only=True):
    name: str
    """Of a feature, as in FeatureWeight, or one of "now", "fresh", "friend", "follow", "tag",
    "wish", "recent", "interest", "passed", "rest"."""
    value: float
    """What it adds to the score; below 0 what it takes off."""


class Explanation(Answer, frozen=True, kw_only=True):
    """What the place of one room in the user's list is made of; nothing where it stands in none."""

    room_id: RoomId
    parts: tuple[ScorePart, ...] = ()
    """Largest first."""


class Person(Data, frozen=True, kw_only=True):
    user: UserInfo
    kind: PersonKind
    """mutual: people whom the user follows follow them. taste: they like the same streamers."""
    names: tuple[str, ...] = ()
    """Those whom the user follows and who follow them; streamers that both like stay unnamed."""
    count: int = 0
    """Of people in between."""


class People(Answer, frozen=True, kw_only=True):
    people: tuple[Person, ...] = ()
    """Whom the user may know, the likeliest first."""


class QualityDay(Data, frozen=True, kw_only=True):
    """How the lists of one day did: whether what was chosen next stood in the first ten."""

    day: int
    """Days since 1970-01-01 UTC."""
    moments: int = 0
    """Lists after which the user entered one of the rooms that could be chosen."""
    hit_rate: float = 0.0
    ndcg: float = 0.0
    popular_hit_rate: float = 0.0
    """The same for a list of what is most popular, at the same moments."""
    popular_ndcg: float = 0.0
    lists: int = 0
    coverage: float = 0.0
    """Of the streamers that were live, those that stood in somebody's first ten."""
    new_share: float = 0.0
    """Of the places, those of new streamers."""


class QualityReport(Answer, frozen=True, kw_only=True):
    days: tuple[QualityDay, ...] = ()
    """Oldest first."""
    events_stored: int = 0
    """Since the relay was started."""
    events_dropped: int = 0
    """Those for which there was no room."""


class FeatureWeight(Data, frozen=True, kw_only=True):
    name: str
    weight: float
    """Of the standardised feature; of a model without weights how often it decides, 0 to 1."""


class ModelScore(Data, frozen=True, kw_only=True):
    """A kind of model in time-ordered cross-validation."""

    kind: str
    ndcg: float = 0.0
    hit_rate: float = 0.0
    moments: int = 0
    is_better: bool = False
    """Than least squares, by more than chance."""
    failed: str = ""


class ModelInfo(Data, frozen=True, kw_only=True):
    model_id: str
    kind: str
    made_at_unix_ms: int
    from_unix_ms: int
    """The span of what it learned from."""
    to_unix_ms: int
    visits: int = 0
    users: int = 0
    streamers: int = 0
    seconds: float = 0.0
    """That the training took."""
    is_serving: bool = False
    weights: tuple[FeatureWeight, ...] = ()
    scores: tuple[ModelScore, ...] = ()


class TrainingInfo(Data, frozen=True, kw_only=True):
    state: TrainingState = "idle"
    """Of the last one since the relay was started."""
    step: str = ""
    share: float = 0.0
    """Of the step, 0 to 1."""
    words: str = ""
    """Why it failed."""


class Models(Answer, frozen=True, kw_only=True):
    models: tuple[ModelInfo, ...] = ()
    """Newest first; none: fixed weights serve until there is enough to learn from."""
    training: TrainingInfo


class HiddenChanged(Answer, frozen=True, kw_only=True):
    """Whether a streamer is hidden from the user now."""

    user_id: UserId
    is_hidden: bool
