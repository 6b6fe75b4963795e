"""`livehouse-relay ledger`: proofs and statements of the book of coins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec
import typer

from server.cli_options import (
    DEFAULT_DATA_DIR,
    DatabaseOption,
    DataDirOption,
    JsonOption,
    tell_proof,
)

ledger_cli: Final = typer.Typer(
    help="Coins and beans: prove the book, read a statement.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@ledger_cli.command("verify", short_help="Prove the book of coins.")
def verify_ledger(
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
    *,
    as_json: JsonOption = False,
) -> int:
    """Prove the book: each sum is zero, the chain is whole, balances are right."""
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    report = maintenance.verify_ledger(data_dir, database)
    words = f"{report.transfers} transfers, head {report.head}"
    return tell_proof(report, words, as_json=as_json)


@ledger_cli.command("statement")
def statement(
    user: Annotated[str, typer.Argument(metavar="USER", help="The user's name or id.")],
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
    *,
    as_json: JsonOption = False,
) -> None:
    """List what a user has, and every movement of it, newest first."""
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    found = maintenance.read_statement(data_dir, database, user)
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    typer.echo(f"{found.name} ({found.user_id}): {found.coins} coins, {found.beans} beans")
    for line in found.movements:
        when = datetime.fromtimestamp(line.at_unix_ms / 1000, UTC).isoformat(" ", "seconds")
        typer.echo(
            f"{when}  {line.amount:>+10} {line.account_kind}  = {line.balance:<10} "
            f"{line.kind:<18} {line.transfer_id}  {line.other_user_id or '-'}  {line.note}".rstrip()
        )
