"""Training beside a running relay: a child process of low priority, its progress and its result."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from server.background import BackgroundTasks
from server.discovery import artefact, queries
from server.discovery.jobs import Made
from server.discovery.tables import RecommenderModel
from server.ids import RandomBytes, make_id
from server.programs import relay_command
from wire.discovery_events import FeatureWeight, ModelInfo, Models, ModelScore, TrainingInfo
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from server.clocks import Clocks
    from server.store.store import Store

DATABASE_VARIABLE: Final = "LIVEHOUSE_TRAINING_DATABASE"
"""An address may hold a password, and a command line is everybody's to read."""
NIGHT_HOUR: Final = 4
"""UTC is near enough: it is when, on most days, few watch."""
LOOK_S: Final = 600.0
OLD_MS: Final = 20 * 3_600_000
VERY_OLD_MS: Final = 48 * 3_600_000
LINE_BYTES_MAX: Final = 10_000
KILL_AFTER_S: Final = 5.0
_ONE_THREAD: Final = {
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}

_log = structlog.get_logger(__name__)


def is_due(now_unix_ms: int, newest_unix_ms: int | None) -> bool:
    """Each night; a house that is never open at night trains when two days have passed."""
    if newest_unix_ms is None:
        return True
    age = now_unix_ms - newest_unix_ms
    hour = dt.datetime.fromtimestamp(now_unix_ms / 1000, dt.UTC).hour
    return age >= VERY_OLD_MS or (age >= OLD_MS and hour == NIGHT_HOUR)


def training_command() -> list[str]:
    """What the child is started with."""
    return [*relay_command(), "recommender", "train", "--for-relay"]


class Trainer:
    """Event loop's thread only. `close` ends the child."""

    def __init__(
        self,
        store: Store,
        *,
        database_url: str,
        before: Callable[[], Awaitable[None]],
        adopt: Callable[[], Awaitable[None]],
        clocks: Clocks,
        random_bytes: RandomBytes,
        command: Sequence[str] | None = None,
    ) -> None:
        """`before` puts on disk what waits; `adopt` makes the newest model serve."""
        self._store = store
        self._database_url = database_url
        self._before = before
        self._adopt = adopt
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._command = list(command) if command is not None else training_command()
        self._info = TrainingInfo()
        self._tried_unix_ms: int | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._run: asyncio.Task[None] | None = None
        self._tasks = BackgroundTasks()

    def start(self) -> None:
        self._tasks.start(self._train_nightly(), name="training, nightly")

    async def close(self) -> None:
        await self.cancel()
        await self._tasks.close()

    async def begin(self) -> None:
        """Where one runs already nothing happens."""
        if self._run is None or self._run.done():
            self._tried_unix_ms = self._clocks.unix_ms()
            self._info = TrainingInfo(state="running", step="starting")
            self._run = self._tasks.start(self._train(), name="training")

    async def cancel(self) -> None:
        run = self._run
        if run is None or run.done():
            return
        run.cancel()
        await asyncio.wait([run])
        self._info = TrainingInfo(state="cancelled")

    async def wait(self) -> TrainingInfo:
        """How the training that runs has ended."""
        if self._run is not None:
            await asyncio.wait([self._run])
        return self._info

    async def models(self) -> Models:
        rows = await self._store.read(queries.list_models)
        return Models(models=tuple(_describe(*row) for row in rows), training=self._info)

    async def roll_back(self, model_id: str) -> None:
        """Raises WireError(NOT_FOUND)."""
        if not await self._store.write(lambda session: queries.choose_model(session, model_id)):
            raise WireError(ErrorCode.NOT_FOUND, "there is no such model", field="model_id")
        await self._adopt()

    async def _train_nightly(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                rows = await self._store.read(queries.list_models)
            except WireError as error:
                _log.warning("whether to train is not known", code=error.code)
                continue
            times = [row[1] for row in rows[:1]]
            if self._tried_unix_ms is not None:
                times.append(self._tried_unix_ms)
            if is_due(self._clocks.unix_ms(), max(times, default=None)):
                await self.begin()

    async def _train(self) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="livehouse-training-") as folder:
                await self._before()
                words = await self._run_child(Path(folder))
                if words:
                    self._info = TrainingInfo(state="failed", words=words)
                    return
                made = await asyncio.to_thread(Made.read, Path(folder))
            await self.keep(made)
            self._info = TrainingInfo(state="done", share=1.0)
        except (WireError, OSError, ValueError) as error:
            _log.warning("a training failed", detail=str(error)[:200])
            self._info = TrainingInfo(state="failed", words=str(error)[:200])

    async def _run_child(self, folder: Path) -> str:
        """Why it failed; "" where it did not."""
        self._child = child = await asyncio.create_subprocess_exec(
            *self._command,
            "--to",
            str(folder),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **_ONE_THREAD, DATABASE_VARIABLE: self._database_url},
            limit=LINE_BYTES_MAX,
        )
        words = ""
        try:
            if child.stdout is not None:
                while line := await child.stdout.readline():
                    words = self._hear(line) or words
            code = await child.wait()
        finally:
            await self._end_child(child)
        return words or ("" if code == 0 else f"the training process ended with {code}")

    @staticmethod
    async def _end_child(child: asyncio.subprocess.Process) -> None:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(KILL_AFTER_S):
                    await child.wait()
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    def _hear(self, line: bytes) -> str:
        """A line of progress. Returns what went wrong, if it says so."""
        try:
            told = msgspec.json.decode(line)
        except ValueError:
            return ""
        if not isinstance(told, dict):
            return ""
        if "failed" in told:
            return str(told["failed"])[:200] or "failed"
        share = told.get("share")
        self._info = TrainingInfo(
            state="running",
            step=str(told.get("step", ""))[:60],
            share=float(share) if isinstance(share, int | float) else 0.0,
        )
        return ""

    async def keep(self, made: Made) -> None:
        """It serves from now on. Raises WireError, or BrokenArtefact (a ValueError)."""
        model_id = make_id(self._random_bytes)
        await keep_model(self._store, made, model_id=model_id, now_unix_ms=self._clocks.unix_ms())
        await self._adopt()


async def keep_model(store: Store, made: Made, *, model_id: str, now_unix_ms: int) -> None:
    """Raises WireError, or BrokenArtefact for what this program cannot read back."""
    await asyncio.to_thread(
        artefact.read, model_id, made.artefact, made.streamer_ids, made.neighbours
    )
    row = RecommenderModel(
        id=model_id,
        made_at_unix_ms=now_unix_ms,
        is_serving=True,
        artefact=made.artefact,
        streamer_ids=json.dumps(made.streamer_ids),
        neighbours=made.neighbours,
    )
    await store.write(lambda session: queries.add_model(session, row))


class _Plain(msgspec.Struct):
    """What is shown of an artefact."""

    kind: str = ""
    visits: int = 0
    users: int = 0
    streamers: int = 0
    from_unix_ms: int = 0
    to_unix_ms: int = 0
    seconds: float = 0.0
    scores: tuple[ModelScore, ...] = ()
    importances: dict[str, float] = {}


def _describe(model_id: str, made_at_unix_ms: int, is_serving: bool, text: str) -> ModelInfo:  # noqa: FBT001 # a column
    try:
        plain = msgspec.json.decode(text, type=_Plain)
    except msgspec.MsgspecError:
        plain = _Plain(kind="unknown")
    return ModelInfo(
        model_id=model_id,
        kind=plain.kind,
        made_at_unix_ms=made_at_unix_ms,
        from_unix_ms=plain.from_unix_ms,
        to_unix_ms=plain.to_unix_ms,
        visits=plain.visits,
        users=plain.users,
        streamers=plain.streamers,
        seconds=plain.seconds,
        is_serving=is_serving,
        weights=tuple(
            FeatureWeight(name=name, weight=weight) for name, weight in plain.importances.items()
        ),
        scores=plain.scores,
    )
