"""`livehouse-relay`: the command line of the relay.

Exit codes: 0 done, 1 unexpected, 2 bad input, 3 the database cannot be used. What went wrong is
one line on standard error. Heavy parts are imported by the command that needs them, so that
`about` and a misspelt option answer at once.
"""

from __future__ import annotations

import json
import os
import platform
import ssl
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Final, Literal

import platformdirs
import typer
from typer.exceptions import Abort, TyperException

from server.cli_options import (
    DEFAULT_DATA_DIR,
    PROGRAM,
    DatabaseOption,
    DataDirOption,
    complain,
)
from server.data_cli import backup, check, migrate, restore
from server.errors import RelayError, SettingsError
from server.ledger_cli import ledger_cli
from server.privacy_cli import privacy_cli
from server.programs import relay_command
from server.recommender_cli import behaviour_cli, recommender_cli
from server.service_unit import UNIT_NAME, write_unit
from server.settings import RecordingSettings, Retention, Settings
from wire.errors import WireError

cli: Final = typer.Typer(
    name=PROGRAM,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
admin_cli: Final = typer.Typer()
cli.add_typer(admin_cli, name="admin")
cli.add_typer(ledger_cli, name="ledger")
cli.add_typer(privacy_cli, name="privacy")
cli.add_typer(recommender_cli, name="recommender")
cli.add_typer(behaviour_cli, name="behaviour")


for command in (backup, restore, check, migrate):
    cli.command()(command)


@cli.callback(invoke_without_command=True)
def explain(context: typer.Context) -> None:
    """The relay of Livehouse: accounts, rooms, chat and the forwarding of live media."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@admin_cli.callback(invoke_without_command=True)
def explain_admin(context: typer.Context) -> None:
    """Users, while the relay is stopped."""
    explain(context)


@cli.command(hidden=True)
def paint_thumbnails() -> int:
    """The child that makes thumbnails; the relay starts it, nobody else has to."""
    from server.thumbnails import painter  # noqa: PLC0415 # loads FFmpeg, here and nowhere else

    return painter.main()


@cli.command(hidden=True)
def write_recordings() -> int:
    """The child that writes recordings; the relay starts it, nobody else has to."""
    from server.recording import writing  # noqa: PLC0415 # see the module's docstring

    return writing.main()


@cli.command()
def run(  # noqa: PLR0913 # one argument for each option
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free one")] = 7788,
    certificate: Annotated[Path | None, typer.Option(help="PEM chain instead of our own")] = None,
    certificate_key: Annotated[Path | None, typer.Option(help="Its private key, PEM")] = None,
    database: DatabaseOption = "",
    room: Annotated[
        list[str] | None, typer.Option(help="Make sure that this public room exists")
    ] = None,
    coalesce: Annotated[
        Literal["auto", "always", "never"], typer.Option(help="Send sound with the next picture")
    ] = "auto",
    allow_origin: Annotated[list[str] | None, typer.Option(help="A browser's origin")] = None,
    allow_host: Annotated[list[str] | None, typer.Option(help="A further Host name")] = None,
    *,
    keep_messages: Annotated[int, typer.Option(min=0, help="Days; 0 keeps them for ever")] = 365,
    keep_behaviour: Annotated[int, typer.Option(min=0, help="Days, of what was watched")] = 180,
    keep_audit: Annotated[int, typer.Option(min=0, help="Days, of who kept order")] = 365,
    keep_backups: Annotated[int, typer.Option(min=0, help="Days, of automatic backups")] = 30,
    record: Annotated[
        bool, typer.Option("--record/--no-record", help="Keep what is broadcast")
    ] = True,
    recordings_gb: Annotated[float, typer.Option(min=0, help="Share of the disk")] = 20.0,
    recordings_free_mb: Annotated[
        int, typer.Option(min=0, help="Recording stops while less of the disk is free")
    ] = 1_000,
    tls: Annotated[
        bool | None, typer.Option("--tls/--no-tls", help="On by itself beyond loopback")
    ] = None,
    print_ready: Annotated[
        bool, typer.Option("--print-ready", help="One JSON line once it serves")
    ] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Logs as JSON lines")] = False,
    stop_with_stdin: Annotated[
        bool, typer.Option("--stop-with-stdin", help="Also end when standard input ends")
    ] = False,
) -> int:
    """Serve until SIGINT or SIGTERM."""
    settings = Settings(
        data_dir=data_dir,
        host=host,
        port=port,
        tls=_decide_tls(host, tls),
        certificate=certificate,
        certificate_key=certificate_key,
        database_url=database,
        rooms=tuple(dict.fromkeys(room or ())),
        allowed_origins=tuple(allow_origin or ()),
        allowed_hosts=tuple(allow_host or ()),
        coalesce=coalesce,
        log_json=log_json,
        stops_with_stdin=stop_with_stdin,
        retention=Retention(
            messages_days=keep_messages,
            behaviour_days=keep_behaviour,
            audit_days=keep_audit,
            backups_days=keep_backups,
        ),
        recording=RecordingSettings(
            is_on=record,
            disk_bytes_max=int(recordings_gb * 1e9),
            free_bytes_min=recordings_free_mb * 1_000_000,
        ),
    )
    _check_certificate(settings)
    # What the relay writes is its own: 0600 files in a 0700 folder.
    os.umask(0o077)
    from server import serving  # noqa: PLC0415 # see the module's docstring

    return serving.run(settings, print_ready=print_ready)


@cli.command()
def install_service(
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    host: Annotated[str, typer.Option(help="Address to listen on")] = "0.0.0.0",  # noqa: S104 # a home server is there for others; TLS is on by itself then
    port: Annotated[int, typer.Option(min=1, max=65535)] = 7788,
    room: Annotated[list[str] | None, typer.Option(help="Make sure that it exists")] = None,
    *,
    show: Annotated[bool, typer.Option("--show", help="Print the unit, write nothing")] = False,
) -> None:
    """A unit for systemd, so that the relay comes up with this machine."""
    arguments = ["run", "--data-dir", str(data_dir.absolute()), "--host", host]
    arguments += ["--port", str(port), "--log-json"]
    for name in room or ():
        arguments += ["--room", name]
    unit = write_unit([*relay_command(), *arguments])
    if show:
        typer.echo(unit, nl=False)
        return
    if not sys.platform.startswith("linux"):
        raise SettingsError("units are for systemd: --show prints what the service has to run")
    folder = platformdirs.user_config_path("systemd", appauthor=False) / "user"
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / UNIT_NAME).write_text(unit, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"cannot write {folder / UNIT_NAME}: {error.strerror}") from None
    typer.echo(f"written: {folder / UNIT_NAME}")
    typer.echo("start it now and with every start of the machine, also while you are logged out:")
    typer.echo(f"    systemctl --user daemon-reload && systemctl --user enable --now {UNIT_NAME}")
    typer.echo("    loginctl enable-linger")


@cli.command()
def about(
    *, as_json: Annotated[bool, typer.Option("--json", help="One JSON object")] = False
) -> None:
    """Versions of the relay and of what it is built on."""
    from server.store.versions import sqlite_version  # noqa: PLC0415 # no SQLAlchemy for this

    versions = {
        "livehouse": _version("livehouse"),
        "python": platform.python_version(),
        "sqlite": sqlite_version,
        "ffmpeg": _ffmpeg_version(),
        "openssl": ssl.OPENSSL_VERSION,
        "websockets": _version("websockets"),
    }
    if as_json:
        typer.echo(json.dumps(versions))
        return
    for name, text in versions.items():
        typer.echo(f"{name:<11} {text or 'not installed'}")


@admin_cli.command("create-user")
def create_user(
    name: Annotated[str, typer.Argument(help="The user's name")],
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
    password_file: Annotated[
        Path | None,
        typer.Option(help="Holds the password in its first line; - is standard input"),
    ] = None,
    *,
    admin: Annotated[bool, typer.Option("--admin", help="Make the user an admin")] = False,
) -> None:
    """Make an account. The password is asked for, or read from a file; never an argument."""
    password = _read_password(password_file)
    os.umask(0o077)
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    user = maintenance.create_user(data_dir, database, name=name, password=password, is_admin=admin)
    typer.echo(f"{'admin' if user.is_admin else 'user'} {user.name} made")


def main() -> None:
    """The entry point: one clear line and an exit code for whatever goes wrong."""
    sys.exit(_run_cli())


def _run_cli() -> int:
    try:
        result = cli(prog_name=PROGRAM, standalone_mode=False)
    except TyperException as error:
        return complain(error.format_message(), error.exit_code)
    except WireError as error:
        return complain(error.message, SettingsError.exit_code)
    except RelayError as error:
        return complain(str(error), error.exit_code)
    except OSError as error:
        return complain(f"{error.filename or ''} {error.strerror or error}".strip())
    except (Abort, KeyboardInterrupt):
        return complain("stopped", 130)
    return result if isinstance(result, int) else 0


def _decide_tls(host: str, wish: bool | None) -> bool:  # noqa: FBT001 # the option as it was given
    is_loopback = Settings(data_dir=Path(), host=host).is_loopback
    if wish is False and not is_loopback:
        raise SettingsError(
            f"plain ws on {host} would send passwords in the clear: leave out --no-tls, or "
            "listen on 127.0.0.1 behind a TLS proxy"
        )
    return (not is_loopback) if wish is None else wish


def _check_certificate(settings: Settings) -> None:
    pair = (settings.certificate, settings.certificate_key)
    if (pair[0] is None) != (pair[1] is None):
        raise SettingsError("--certificate and --certificate-key belong together")
    for path in pair:
        if path is not None and not path.is_file():
            raise SettingsError(f"there is no file {path}")
    if pair[0] is not None and not settings.tls:
        raise SettingsError("a certificate needs --tls")


def _read_password(file: Path | None) -> str:
    if file is None:
        if not sys.stdin.isatty():
            raise SettingsError("there is no terminal to ask on: give --password-file")
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    try:
        text = sys.stdin.readline() if str(file) == "-" else file.read_text("utf-8")
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is not text in UTF-8") from None
    except OSError as error:
        raise SettingsError(f"cannot read {file}: {error.strerror}") from None
    return text.split("\n", 1)[0].rstrip("\r")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _ffmpeg_version() -> str | None:
    """None where PyAV is not installed: a relay that does not record can do without."""
    try:
        from server.recording.versions import describe_ffmpeg  # noqa: PLC0415 # loads FFmpeg
    except ImportError:
        return None
    return describe_ffmpeg()


if __name__ == "__main__":
    main()
