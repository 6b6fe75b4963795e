"""`livehouse-relay recommender`: how good the recommendations are, on any file of events."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

recommender_cli: Final = typer.Typer()


@recommender_cli.callback(invoke_without_command=True)
def explain_recommender(context: typer.Context) -> None:
    """What is recommended, how well, and why."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@recommender_cli.command("evaluate")
def evaluate(
    events: Annotated[
        Path,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="CSV: user,item,timestamp[,weight][,live_from,live_to]",
        ),
    ],
    seed: Annotated[int, typer.Option(help="Which moments are drawn")] = 1,
    *,
    every_model: Annotated[
        bool, typer.Option("--every-model", help="Also trees, neighbours and nets (extra `models`)")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs")] = False,
) -> None:
    """Rank later choices from earlier ones, and compare with the usual baselines."""
    from server import recommender  # noqa: PLC0415 # loads NumPy
    from server.discovery import report  # noqa: PLC0415 # loads NumPy

    found = recommender.evaluate_file(
        events, seed=seed, every_model=every_model, advance=_show_progress
    )
    _end_progress()
    if as_json:
        typer.echo(json.dumps(report.to_plain(found), ensure_ascii=False, indent=2))
    else:
        typer.echo(report.to_table(found))


def _show_progress(step: str, share: float) -> None:
    """One line that is written over, and only where somebody looks."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{step:30}{min(share, 1.0):5.0%}")
        sys.stderr.flush()


def _end_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r" + " " * 40 + "\r")
