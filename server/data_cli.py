"""`livehouse-relay backup`, `restore`, `check` and `migrate`: the relay's data as a whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from server.cli_options import DEFAULT_DATA_DIR, DatabaseOption, DataDirOption, complain


def migrate(data_dir: DataDirOption = DEFAULT_DATA_DIR, database: DatabaseOption = "") -> None:
    """Bring the database to the newest schema; SQLite is backed up first. The relay is stopped."""
    os.umask(0o077)
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    typer.echo(f"schema {maintenance.migrate(data_dir, database)}")


def backup(
    file: Annotated[
        Path, typer.Argument(help="The copy, new; NAME.zip holds keys and certificate too")
    ],
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
) -> None:
    """Copy the house (NAME.zip) or its database into one checked file. The relay may run."""
    os.umask(0o077)
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    maintenance.back_up(data_dir, database, file)
    typer.echo(f"backed up to {file}")


def restore(
    file: Annotated[Path, typer.Argument(help="A copy made by `backup`")],
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the present database")] = False,
) -> None:
    """Put a backup in the database's place. The relay is stopped."""
    os.umask(0o077)
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    maintenance.restore(data_dir, database, file, force=force)
    typer.echo(f"restored from {file}")


def check(
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object")] = False,
) -> int:
    """Prove the database: integrity, foreign keys, schema version. The relay may run."""
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    report = maintenance.check(data_dir, database)
    if as_json:
        typer.echo(msgspec.json.encode(report).decode())
    elif report.ok:
        typer.echo(f"ok, schema {report.schema}")
    else:
        complain("; ".join(report.problems))
    return 0 if report.ok else 3
