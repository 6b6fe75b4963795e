"""The tables of discovery. Only `DiscoveryService` and its parts read and write them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel


class BehaviourRow(SQLModel, table=True):
    """One act; rows are only added, and go when they are old or their user is erased."""

    __tablename__ = "behaviour"
    __table_args__ = (
        Index("ix_behaviour_at", "at_unix_ms"),
        Index("ix_behaviour_user", "user_id", "at_unix_ms"),
        Index("ix_behaviour_streamer", "streamer_id"),
    )

    id: str = Field(primary_key=True)
    at_unix_ms: int = Field(sa_type=BigInteger)
    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False)
    )
    streamer_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False)
    )
    room_id: str
    broadcast_id: str = ""
    category: str = ""
    kind: str
    amount: float = 1.0
    position: int = -1
    reason: str = ""
    delay_ms: int = 0
    stalls: int = 0


class TasteWish(SQLModel, table=True):
    """What a user said of its own list."""

    __tablename__ = "taste_wishes"

    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    subject: str = Field(primary_key=True, index=True)
    """"hide:ID" and "streamer:ID" of a user, "category:NAME", "interest:NAME", and
    "asked:interests"."""
    weight: float = 1.0


class RecommenderModel(SQLModel, table=True):
    """The last few models; one serves."""

    __tablename__ = "recommender_models"

    id: str = Field(primary_key=True)
    made_at_unix_ms: int = Field(sa_type=BigInteger)
    is_serving: bool = False
    artefact: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: model, half-lives, window, features, scores."""
    streamer_ids: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: whom the numbers in `neighbours` mean; "" for who has been erased."""
    neighbours: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """NumPy's archive of who is like whom."""


class RecommenderDay(SQLModel, table=True):
    """Sums over one day, of nobody in particular."""

    __tablename__ = "recommender_days"

    day: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    moments: int = 0
    hits: float = 0.0
    ndcg: float = 0.0
    popular_hits: float = 0.0
    popular_ndcg: float = 0.0
    lists: int = 0
    places: int = 0
    new_places: int = 0
    shown: int = 0
    """Streamers that stood in somebody's first ten."""
    live: int = 0
    """Streamers that could have."""
