"""What `livehouse-relay recommender` and `behaviour` do: evaluate, train, explain, export."""

from __future__ import annotations

import asyncio
import csv
import importlib.util
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from server.accounts import queries as accounts
from server.discovery import artefact, queries
from server.discovery.asking import Asked, LiveRoom
from server.discovery.behaviour import OF_TASTE, Behaviour, to_log
from server.discovery.csv_log import read_csv_named
from server.discovery.evaluation import evaluate
from server.discovery.features import NAMES, Features
from server.discovery.jobs import gather, learn
from server.discovery.memory import Memory
from server.discovery.ranking import top_of
from server.discovery.trainer import DATABASE_VARIABLE, keep_model
from server.discovery.training import NUMPY_FITS, Fit, train
from server.errors import RelayError, SettingsError, StoreError
from server.ids import make_id
from server.settings import Limits
from server.store.data_dir import DATABASE_FILE, DataDir
from server.store.engine import sqlite_url
from server.store.offline import look
from server.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from server.discovery.evaluation import Evaluation
    from server.store.session import Session

Advance = Callable[[str, float], None]

CHILD_NICENESS: Final = 15
EXPLAINED: Final = 10
SECOND_MS: Final = 1_000


def known_fits() -> Mapping[str, Fit]:
    """All kinds of models that can be taught here."""
    if importlib.util.find_spec("sklearn") is None:
        return NUMPY_FITS
    from server.discovery.fitting_trees import FITS  # noqa: PLC0415 # 2 s and 80 MB, only to train

    return {**NUMPY_FITS, **FITS}


def evaluate_file(path: Path, *, seed: int, every_model: bool, advance: Advance) -> Evaluation:
    """Raises RelayError with one line where the file cannot be used."""
    log = read_csv_named(path).log
    try:
        return evaluate(
            log, seed=seed, fits=known_fits() if every_model else NUMPY_FITS, advance=advance
        )
    except ValueError as error:
        raise RelayError(str(error)) from None


# --- training -----------------------------------------------------------------------------------


def train_for_relay(folder: Path, *, seed: int) -> int:
    """In the child: progress on standard output, the result in a folder. Returns the exit code."""
    with suppress(AttributeError, OSError):  # not on every system
        os.nice(CHILD_NICENESS)
    told_s = 0.0

    def advance(step: str, share: float) -> None:
        nonlocal told_s
        now = time.monotonic()
        if now - told_s >= 0.2:
            told_s = now
            _say({"step": step, "share": round(min(share, 1.0), 3)})

    try:
        gathered = look(
            os.environ.get(DATABASE_VARIABLE, ""), lambda session: gather(session, advance)
        )
        # Trees take longer than a night's few minutes here; an admin's `--every-model` has them.
        learn(gathered, seed=seed, fits=known_fits(), advance=advance).write(folder)
    except (RelayError, StoreError, ValueError, OSError) as error:
        _say({"failed": str(error)})
        return 1
    return 0


def _say(line: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def train_and_keep(
    data_dir: Path, database_url: str, *, seed: int, every_model: bool, advance: Advance
) -> str:
    """Beside a relay that is stopped. Returns what was done, in words. Raises RelayError."""
    url = database_url or sqlite_url(data_dir / DATABASE_FILE)
    gathered = look(url, lambda session: gather(session, advance))
    try:
        fits = known_fits() if every_model else NUMPY_FITS
        made = learn(gathered, seed=seed, fits=fits, advance=advance)
    except ValueError as error:
        raise RelayError(str(error)) from None
    with DataDir.open(data_dir) as folder:
        store = Store.open(folder.database_url(database_url), queue_max=Limits().database_queue_max)
        try:
            asyncio.run(
                keep_model(
                    store,
                    made,
                    model_id=make_id(secrets.token_bytes),
                    now_unix_ms=time.time_ns() // 1_000_000,
                )
            )
        finally:
            store.close()
    plain = msgspec.json.decode(made.artefact)
    return f"{plain['kind']} model from {plain['visits']} visits in {plain['seconds']} s"


# --- explaining ---------------------------------------------------------------------------------


def explain_user(data_dir: Path, database_url: str, user: str) -> dict[str, Any]:
    """As if all streamers that are known were live. Raises RelayError."""
    url = database_url or sqlite_url(data_dir / DATABASE_FILE)

    def work(session: Session) -> dict[str, Any]:
        row = accounts.find_user(session, user)
        if row is None:
            raise StoreError(f"there is no user {user}")
        user_id = row.user_id
        gathered = gather(session, lambda _step, _share: None)
        found = queries.find_serving(session)
        serving = (
            artefact.read(
                found.id, found.artefact, msgspec.json.decode(found.streamer_ids), found.neighbours
            )
            if found is not None
            else artefact.starting()
        )
        memory = Memory(serving)
        log, _ = to_log(gathered.columns())
        streamers = [gathered.streamers.name(one) for one in range(len(gathered.streamers))]
        users = [gathered.users.name(one) for one in range(len(gathered.users))]
        categories = queries.categories_of(session)
        for _ in memory.build(log, users, streamers, categories):
            pass
        now_s = float(log.at_s[-1]) if len(log) else 0.0
        memory.refresh_alike(now_s)
        rooms = [LiveRoom(one, one, categories.get(one, ""), 0) for one in streamers]
        memory.set_live(rooms, {}, now_s)
        wishes = {
            subject: weight
            for owner, subject, weight in queries.list_wishes(session)
            if owner == user_id
        }
        asked = Asked(user_id, frozenset(), {}, wishes, limit=EXPLAINED)
        ranked = memory.rank(asked, now_s)
        names = {one.id: one.name for one in accounts.find_users(session, streamers)}
        return {
            "user": row.name,
            "model": found.id if found is not None else "fixed weights",
            "visits": memory.visits_of(user_id),
            "base": ranked.base,
            "places": [
                {
                    "item": names.get(place.streamer_id, place.streamer_id),
                    "score": place.score,
                    "reason": place.reason.kind,
                    "is_discovery": place.reason.is_discovery,
                    "parts": dict(sorted(place.parts.items(), key=lambda one: -abs(one[1]))),
                }
                for place in ranked.places
            ],
        }

    try:
        return look(url, work)
    except artefact.BrokenArtefact as error:
        raise RelayError(f"the model cannot be read: {error}") from None


def explain_file(path: Path, user: str, *, advance: Advance) -> dict[str, Any]:
    """Taught on the whole file, asked at its end. Raises RelayError."""
    named = read_csv_named(path)
    number = named.users.find(user)
    if number is None:
        raise SettingsError(f"{path.name} has no user {user}")
    try:
        trained = train(named.log, seed=1, advance=advance)
    except ValueError as error:
        raise RelayError(str(error)) from None
    candidates = np.arange(named.log.streamers_count)
    now_s = float(named.log.at_s[-1])
    x = Features(trained.tastes, trained.neighbours).rows(number, candidates, now_s)
    model = trained.linear.model
    scores, parts = model.score(x), model.contributions(x)
    history = trained.tastes.history(number)
    return {
        "user": user,
        "model": "linear",
        "visits": int(history.visits) if history is not None else 0,
        "base": model.intercept,
        "places": [
            {
                "item": named.items.name(row),
                "score": float(scores[row]),
                "reason": "",
                "is_discovery": False,
                "parts": dict(
                    sorted(
                        zip(NAMES, parts[row].tolist(), strict=True), key=lambda one: -abs(one[1])
                    )
                ),
            }
            for row in top_of(scores, EXPLAINED).tolist()
        ],
    }


def explanation_lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"{found['user']}: {found['visits']} visits; model: {found['model']}"
    yield f"each score is {found['base']:.4f} and the sum of its parts"
    for place, one in enumerate(found["places"], start=1):
        kept = ", kept for discovery" if one["is_discovery"] else ""
        why = f" ({one['reason']}{kept})" if one["reason"] else ""
        yield f"{place:3} {one['item']}  {one['score']:.4f}{why}"
        strongest = [pair for pair in one["parts"].items() if abs(pair[1]) > 5e-5][:6]
        yield "      " + ", ".join(f"{name} {value:+.4f}" for name, value in strongest)


# --- behaviour ----------------------------------------------------------------------------------


def export_behaviour(data_dir: Path, database_url: str, folder: Path) -> list[tuple[Path, int]]:
    """Two files: every row, and visits as `evaluate` reads them. Raises RelayError."""
    url = database_url or sqlite_url(data_dir / DATABASE_FILE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return look(url, lambda session: _export(session, folder))
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written: {error.strerror}") from None


def _export(session: Session, folder: Path) -> list[tuple[Path, int]]:
    rows_file, events_file = folder / "behaviour.csv", folder / "events.csv"
    count = events = 0
    after: tuple[int, str] | None = None
    with (
        rows_file.open("w", encoding="utf-8", newline="") as rows_out,
        events_file.open("w", encoding="utf-8", newline="") as events_out,
    ):
        rows_csv, events_csv = csv.writer(rows_out), csv.writer(events_out)
        rows_csv.writerow(Behaviour._fields)
        events_csv.writerow(("user", "item", "timestamp", "weight"))
        while page := queries.read_page(session, after=after, kinds=()):
            for row in page:
                rows_csv.writerow(row)
                if row[5] in OF_TASTE:
                    weight = row[6] / 60 if row[5] == "watched" else 1.0
                    events_csv.writerow((row[2], row[3], row[1] / SECOND_MS, round(weight, 3)))
                    events += 1
            count += len(page)
            after = (page[-1][1], page[-1][0])
    return [(rows_file, count), (events_file, events)]
