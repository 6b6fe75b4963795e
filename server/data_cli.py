"""`livehouse-relay backup`, `restore`, `check` and `migrate`: the relay's data as a whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final

import typer

from server.cli_options import (
    DEFAULT_DATA_DIR,
    DatabaseOption,
    DataDirOption,
    JsonOption,
    progress,
    show_progress,
    tell_proof,
)

BACKUP_EXAMPLES: Final = """\b
Examples:
  livehouse-relay backup house.zip
  livehouse-relay backup copy.db --data-dir /srv/livehouse
"""
RESTORE_EXAMPLES: Final = """\b
Examples:
  livehouse-relay restore house.zip --data-dir /srv/new
  livehouse-relay restore copy.db --data-dir /srv/livehouse --force
"""


def migrate(data_dir: DataDirOption = DEFAULT_DATA_DIR, database: DatabaseOption = "") -> None:
    """Bring the database to the newest schema, after a backup. The relay must be stopped.

    `run` does the same by itself. PostgreSQL is not backed up: use pg_dump before.
    """
    os.umask(0o077)
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    typer.echo(f"schema {maintenance.migrate(data_dir, database)}")


def backup(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="The copy, new. NAME.zip holds keys and certificate too, any other name the "
            "database alone.",
        ),
    ],
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
) -> None:
    """Copy the house into one file, and prove the copy. The relay may run.

    Recordings are not in it: they are files of their own.
    """
    os.umask(0o077)
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    with progress():
        maintenance.back_up(data_dir, database, file, on_progress=show_progress)
    typer.echo(f"backed up to {file}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy made by `backup`.")],
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the database that is there.")
    ] = False,
) -> None:
    """Put a backup in the database's place. The relay must be stopped.

    It is proved before anything is changed; whoever was erased since it was made stays erased.
    """
    os.umask(0o077)
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    with progress():
        maintenance.restore(data_dir, database, file, force=force, on_progress=show_progress)
    typer.echo(f"restored from {file}")


def check(
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
    *,
    as_json: JsonOption = False,
) -> int:
    """Prove the database: integrity, foreign keys, schema, the book of coins. The relay may run."""
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    report = maintenance.check(data_dir, database)
    return tell_proof(report, f"schema {report.schema}", as_json=as_json)
