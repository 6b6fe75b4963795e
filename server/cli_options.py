"""Options that many commands of `livehouse-relay` have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import platformdirs
import typer

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
