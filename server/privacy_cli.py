"""`livehouse-relay privacy`: what the keeper of a relay does for people who ask for their data."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from server.cli_options import DEFAULT_DATA_DIR, DatabaseOption, DataDirOption
from server.errors import SettingsError

privacy_cli: Final = typer.Typer(
    help="Somebody's data: export it, erase it.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@privacy_cli.command("export")
def export_user(
    user: Annotated[str, typer.Argument(metavar="USER", help="The user's name or id.")],
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="The zip; must not exist.")],
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
) -> None:
    """Save all that is stored of a user as a zip of JSON. The relay may run."""
    os.umask(0o077)
    from server import maintenance  # noqa: PLC0415 # loads the database's libraries

    rows = maintenance.export_user(data_dir, database, user, to)
    typer.echo(f"{rows} rows in {to}")


@privacy_cli.command("erase")
def erase_user(
    user: Annotated[str, typer.Argument(metavar="USER", help="The user's name or id.")],
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a user for good. The relay must be stopped.

    It does what the user's own program does under Me.
    """
    if not yes:
        try:
            typer.confirm(f"Erase {user} for good, with all rooms and messages?", abort=True)
        except EOFError:
            raise SettingsError("there is no terminal to ask on: give --yes") from None
    os.umask(0o077)
    from server import maintenance  # noqa: PLC0415 # loads the database's libraries

    erased = maintenance.erase_user(data_dir, database, user)
    typer.echo(f"erased {erased}")
    _tell_backups(data_dir, removes=False)


@privacy_cli.command("backups")
def tell_backups(
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Remove them all.")] = False,
) -> None:
    """List the copies that the relay made by itself.

    They may hold what was erased since.
    """
    _tell_backups(data_dir, removes=remove)


def _tell_backups(data_dir: Path, *, removes: bool) -> None:
    from server.store.backup import list_backups  # noqa: PLC0415 # loads the database's libraries

    for path in list_backups(data_dir):
        made = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(" ", "seconds")
        if removes:
            path.unlink()
            typer.echo(f"removed {path}")
        else:
            typer.echo(f"a backup of {made} may still hold erased data: {path}")
