"""What the commands of `livehouse-relay` share: options, and how progress, failure and proofs are
told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Protocol

import msgspec
import platformdirs
import typer

PROGRAM: Final = "livehouse-relay"
VARIABLE: Final = "LIVEHOUSE_RELAY_"
DEFAULT_DATA_DIR: Final = platformdirs.user_data_path("livehouse", appauthor=False) / "relay"

DataDirOption = Annotated[
    Path,
    typer.Option(
        metavar="FOLDER",
        help="The relay's own folder: database, secrets, certificate, recordings.",
        envvar=f"{VARIABLE}DATA_DIR",
        file_okay=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
RoomsOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME", help="Make sure that this public room exists; may be given more than once."
    ),
]
DatabaseOption = Annotated[
    str,
    typer.Option(
        metavar="URL",
        help="Another database: postgresql+psycopg://USER@HOST/NAME; by default SQLite in the data "
        f"folder. With a password in it, set {VARIABLE}DATABASE instead.",
        envvar=f"{VARIABLE}DATABASE",
        show_envvar=False,
    ),
]


class Proof(Protocol):
    """What was found out about the relay's data."""

    @property
    def ok(self) -> bool: ...

    @property
    def problems(self) -> tuple[str, ...]: ...


def tell_proof(proof: Proof, words: str, *, as_json: bool) -> int:
    """The exit code; `words` say what was proved where there is no problem."""
    if as_json:
        typer.echo(msgspec.json.encode(proof).decode())
    elif proof.ok:
        typer.echo(f"ok, {words}")
    else:
        complain("; ".join(proof.problems))
    return 0 if proof.ok else 3


def complain(words: str, exit_code: int = 1) -> int:
    sys.stderr.write(f"{PROGRAM}: {' '.join(words.split())}\n")
    return exit_code


def show_progress(step: str, share: float) -> None:
    """One line that is written over, and only where somebody looks."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{step:30}{min(share, 1.0):5.0%}")
        sys.stderr.flush()


@contextmanager
def progress() -> Iterator[None]:
    """Around work that shows its progress: the line is gone at the end, before any words."""
    try:
        yield
    finally:
        if sys.stderr.isatty():
            sys.stderr.write("\r" + " " * 40 + "\r")
