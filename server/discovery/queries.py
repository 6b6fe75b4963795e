"""SQL on the tables of discovery: functions of a session, without decisions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import and_, delete, func, or_, tuple_, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, SQLModel, col, select

from server.discovery.behaviour import OF_TASTE, Behaviour
from server.discovery.interests import ASKED, SUBJECT
from server.discovery.tables import BehaviourRow, RecommenderDay, RecommenderModel, TasteWish

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as InsertPostgresql
    from sqlalchemy.dialects.sqlite import Insert as InsertSqlite

MODELS_KEPT: Final = 3
COLUMNS: Final = Behaviour._fields
READ_ROWS: Final = 20_000
HOUR_MS: Final = 3_600_000


def insert(session: Session, table: type[SQLModel]) -> InsertSqlite | InsertPostgresql:
    """An INSERT that knows ON CONFLICT."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return insert_postgresql(table) if is_postgresql else insert_sqlite(table)


# --- behaviour ----------------------------------------------------------------------------------


def add_rows(session: Session, rows: Sequence[Behaviour]) -> None:
    """Rows that are there already are left as they are.

    Rows of users who have been erased meanwhile must have been left out by the caller.
    """
    if rows:
        statement = insert(session, BehaviourRow).on_conflict_do_nothing()
        session.execute(statement, [row._asdict() for row in rows])


def read_page(
    session: Session,
    *,
    after: tuple[int, str] | None,
    kinds: Sequence[str] = OF_TASTE,
    limit: int = READ_ROWS,
) -> list[tuple[Any, ...]]:
    """Rows in the order of time and id, as the fields of `Behaviour`; no kinds: all."""
    query = select(*(getattr(BehaviourRow, name) for name in COLUMNS))
    if kinds:
        query = query.where(col(BehaviourRow.kind).in_(kinds))
    if after is not None:
        query = query.where(
            tuple_(col(BehaviourRow.at_unix_ms), col(BehaviourRow.id)) > tuple_(*after)
        )
    query = query.order_by(col(BehaviourRow.at_unix_ms), col(BehaviourRow.id)).limit(limit)
    return [tuple(row) for row in session.execute(query)]


def stream_taste(session: Session) -> Iterator[tuple[str, str, int, str, float, str]]:
    """User, streamer, Unix ms, kind, amount and broadcast of every row that shows a taste."""
    query = (
        select(  # type: ignore[call-overload] # typed for four columns at most
            BehaviourRow.user_id,
            BehaviourRow.streamer_id,
            BehaviourRow.at_unix_ms,
            BehaviourRow.kind,
            BehaviourRow.amount,
            BehaviourRow.broadcast_id,
        )
        .where(col(BehaviourRow.kind).in_(OF_TASTE))
        .order_by(col(BehaviourRow.at_unix_ms), col(BehaviourRow.id))
        .execution_options(yield_per=READ_ROWS)
    )
    for row in session.execute(query):
        yield tuple(row)


def categories_of(session: Session) -> dict[str, str]:
    """The category in which each streamer was seen last."""
    newest = (
        select(BehaviourRow.streamer_id, func.max(BehaviourRow.at_unix_ms).label("at"))
        .where(BehaviourRow.category != "")
        .group_by(col(BehaviourRow.streamer_id))
        .subquery()
    )
    query = select(BehaviourRow.streamer_id, BehaviourRow.category).join(
        newest,
        (newest.c.streamer_id == BehaviourRow.streamer_id)
        & (newest.c.at == BehaviourRow.at_unix_ms),
    )
    return {streamer: category for streamer, category in session.exec(query) if category}


def count_replays_shown(
    session: Session, user_id: str, replay_ids: Collection[str], *, since_ms: int, until_ms: int
) -> dict[str, int]:
    """Of the recordings that were shown in that time and not opened since then, in how many hours
    of it each was shown."""
    hours = func.count(func.distinct(col(BehaviourRow.at_unix_ms) // HOUR_MS))
    query = (
        select(BehaviourRow.broadcast_id, BehaviourRow.kind, hours)
        .where(
            BehaviourRow.user_id == user_id,
            BehaviourRow.at_unix_ms >= since_ms,
            col(BehaviourRow.broadcast_id).in_(replay_ids),
            or_(
                and_(
                    col(BehaviourRow.kind) == "replay_shown",
                    col(BehaviourRow.at_unix_ms) < until_ms,
                ),
                col(BehaviourRow.kind) == "replay_clicked",
            ),
        )
        .group_by(col(BehaviourRow.broadcast_id), col(BehaviourRow.kind))
    )
    rows = session.exec(query).all()
    opened = {replay_id for replay_id, kind, _ in rows if kind == "replay_clicked"}
    return {replay_id: count for replay_id, _, count in rows if replay_id not in opened}


def delete_of(session: Session, user_id: str) -> None:
    session.execute(delete(BehaviourRow).where(col(BehaviourRow.user_id) == user_id))


def delete_older(session: Session, before_unix_ms: int, rows_max: int) -> int:
    ids = (
        select(BehaviourRow.id).where(col(BehaviourRow.at_unix_ms) < before_unix_ms).limit(rows_max)
    )
    found = list(session.exec(ids))
    if found:
        session.execute(delete(BehaviourRow).where(col(BehaviourRow.id).in_(found)))
    return len(found)


# --- wishes -------------------------------------------------------------------------------------


def list_wishes(session: Session) -> list[tuple[str, str, float]]:
    query = select(TasteWish.user_id, TasteWish.subject, TasteWish.weight)
    return [(user, subject, weight) for user, subject, weight in session.exec(query)]


def put_wish(session: Session, user_id: str, subject: str, weight: float | None) -> None:
    """None takes it back."""
    row = session.get(TasteWish, (user_id, subject))
    if weight is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(TasteWish(user_id=user_id, subject=subject, weight=weight))
    else:
        row.weight = weight


def replace_interests(session: Session, user_id: str, subjects: Sequence[str]) -> None:
    """`subjects` instead of all that begin as they do, or that say that the user was asked."""
    session.execute(
        delete(TasteWish).where(
            col(TasteWish.user_id) == user_id,
            or_(col(TasteWish.subject).startswith(SUBJECT), col(TasteWish.subject) == ASKED),
        )
    )
    for subject in subjects:
        session.add(TasteWish(user_id=user_id, subject=subject))


def delete_corrections(session: Session, user_id: str) -> None:
    session.execute(
        delete(TasteWish).where(
            col(TasteWish.user_id) == user_id, ~col(TasteWish.subject).startswith("hide:")
        )
    )


def erase(session: Session, user_id: str) -> None:
    session.execute(
        delete(BehaviourRow).where(
            or_(col(BehaviourRow.user_id) == user_id, col(BehaviourRow.streamer_id) == user_id)
        )
    )
    subjects = (f"hide:{user_id}", f"streamer:{user_id}")
    session.execute(
        delete(TasteWish).where(
            or_(col(TasteWish.user_id) == user_id, col(TasteWish.subject).in_(subjects))
        )
    )
    for row in session.exec(select(RecommenderModel)):
        ids = msgspec.json.decode(row.streamer_ids)
        if user_id in ids:
            row.streamer_ids = json.dumps(["" if one == user_id else one for one in ids])


# --- models -------------------------------------------------------------------------------------


def list_models(session: Session) -> list[tuple[str, int, bool, str]]:
    """Id, when it was made, whether it serves, and its artefact; newest first."""
    query = select(
        RecommenderModel.id,
        RecommenderModel.made_at_unix_ms,
        RecommenderModel.is_serving,
        RecommenderModel.artefact,
    ).order_by(col(RecommenderModel.made_at_unix_ms).desc(), col(RecommenderModel.id))
    return [(one, made, serves, text) for one, made, serves, text in session.exec(query)]


def find_serving(session: Session) -> RecommenderModel | None:
    return session.exec(
        select(RecommenderModel).where(col(RecommenderModel.is_serving).is_(True))
    ).first()


def add_model(session: Session, row: RecommenderModel) -> None:
    """It serves from now on; of the older ones the newest are kept."""
    session.execute(update(RecommenderModel).values(is_serving=False))
    session.add(row)
    session.flush()
    ids = [one[0] for one in list_models(session)]
    for old in ids[MODELS_KEPT:]:
        session.execute(delete(RecommenderModel).where(col(RecommenderModel.id) == old))


def choose_model(session: Session, model_id: str) -> bool:
    """False where there is no such model."""
    if session.get(RecommenderModel, model_id) is None:
        return False
    session.execute(
        update(RecommenderModel).values(is_serving=col(RecommenderModel.id) == model_id)
    )
    return True


# --- quality ------------------------------------------------------------------------------------


def find_day(session: Session, day: int) -> RecommenderDay | None:
    return session.get(RecommenderDay, day)


def put_day(session: Session, row: RecommenderDay) -> None:
    session.merge(row)


def list_days(session: Session, from_day: int) -> list[RecommenderDay]:
    query = (
        select(RecommenderDay)
        .where(col(RecommenderDay.day) >= from_day)
        .order_by(col(RecommenderDay.day))
    )
    return list(session.exec(query))
