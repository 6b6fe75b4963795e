"""`livehouse-relay recommender`: how good the recommendations are, on any file of events."""

from __future__ import annotations

import json
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
)

recommender_cli: Final = typer.Typer(
    help="What is recommended, how well, and why.", rich_markup_mode=None, no_args_is_help=True
)


_SeedOption = Annotated[
    int, typer.Option(metavar="N", help="The same seed judges by the same moments.")
]
_EveryModelOption = Annotated[
    bool,
    typer.Option(
        "--every-model", help="Try trees, neighbours and nets too; needs the extra `models`."
    ),
]


@recommender_cli.command("evaluate", short_help="Rank later choices from earlier ones.")
def evaluate(
    events: Annotated[
        Path,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="CSV with the columns user, item, timestamp, and where there are such weight, "
            "live_from, live_to.",
        ),
    ],
    seed: _SeedOption = 1,
    *,
    every_model: _EveryModelOption = False,
    as_json: JsonOption = False,
) -> None:
    """Rank later choices from earlier ones, and compare with the usual baselines."""
    from server import recommender  # noqa: PLC0415 # loads NumPy
    from server.discovery import report  # noqa: PLC0415 # loads NumPy

    with progress():
        found = recommender.evaluate_file(
            events, seed=seed, every_model=every_model, advance=show_progress
        )
    if as_json:
        typer.echo(json.dumps(report.to_plain(found), ensure_ascii=False, indent=2))
    else:
        typer.echo(report.to_table(found))


@recommender_cli.command("train")
def train(
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
    seed: _SeedOption = 1,
    *,
    every_model: _EveryModelOption = False,
    for_relay: Annotated[bool, typer.Option("--for-relay", hidden=True)] = False,
    to: Annotated[Path | None, typer.Option("--to", hidden=True)] = None,
) -> None:
    """Learn from what was recorded. The relay must be stopped.

    The model serves from the next start on. While the relay runs it trains by itself each night,
    and whenever an admin says so.
    """
    os.umask(0o077)
    from server import recommender  # noqa: PLC0415 # loads NumPy and the database's libraries

    if for_relay and to is not None:
        raise typer.Exit(recommender.train_for_relay(to, seed=seed))
    with progress():
        words = recommender.train_and_keep(
            data_dir, database, seed=seed, every_model=every_model, advance=show_progress
        )
    typer.echo(words)


@recommender_cli.command("explain")
def explain(
    user: Annotated[
        str,
        typer.Argument(metavar="USER", help="The user's name or id; with --events as it is there."),
    ],
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
    events: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="A CSV as for `evaluate`, instead of what was recorded.",
        ),
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say what would be recommended to a user, and why. The relay may run."""
    from server import recommender  # noqa: PLC0415 # loads NumPy and the database's libraries

    if events is not None:
        with progress():
            found = recommender.explain_file(events, user, advance=show_progress)
    else:
        found = recommender.explain_user(data_dir, database, user)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for line in recommender.explanation_lines(found):
        typer.echo(line)


behaviour_cli: Final = typer.Typer(
    help="What people did, as far as they let it be recorded.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@behaviour_cli.command("export")
def export_behaviour(
    to: Annotated[
        Path, typer.Option("--to", metavar="FOLDER", help="The folder; made where it is missing.")
    ],
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
) -> None:
    """Save all rows as CSV. The relay may run.

    As they are, and as `recommender evaluate` reads them.
    """
    os.umask(0o077)
    from server import recommender  # noqa: PLC0415 # loads NumPy and the database's libraries

    for path, rows in recommender.export_behaviour(data_dir, database, to):
        typer.echo(f"{rows} rows in {path}")
