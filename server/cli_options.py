"""What the commands of `livehouse-relay` share: options, and how a failure is told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import platformdirs
import typer

PROGRAM: Final = "livehouse-relay"
VARIABLE: Final = "LIVEHOUSE_RELAY_"
DEFAULT_DATA_DIR: Final = platformdirs.user_data_path("livehouse", appauthor=False) / "relay"

DataDirOption = Annotated[
    Path,
    typer.Option(
        help="The relay's own folder: database, secrets, certificate",
        envvar=f"{VARIABLE}DATA_DIR",
        file_okay=False,
    ),
]
DatabaseOption = Annotated[
    str,
    typer.Option(
        help="SQLAlchemy address, such as postgresql+psycopg://...; by default SQLite in the "
        f"data folder. With a password in it, set {VARIABLE}DATABASE instead",
        envvar=f"{VARIABLE}DATABASE",
        show_envvar=False,
    ),
]


def complain(words: str, exit_code: int = 1) -> int:
    sys.stderr.write(f"{PROGRAM}: {' '.join(words.split())}\n")
    return exit_code
