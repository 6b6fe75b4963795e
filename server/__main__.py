"""`livehouse-relay`: the command line of the relay.

What went wrong is one line on standard error and an exit code (`EXIT_CODES`). Heavy parts are
imported by the command that needs them, so that `about` and a misspelt option answer at once.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import ssl
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Final

import platformdirs
import typer
from typer.exceptions import Abort, TyperException

from server.cli_options import (
    DEFAULT_DATA_DIR,
    PROGRAM,
    DatabaseOption,
    DataDirOption,
    JsonOption,
    RoomsOption,
    complain,
)
from server.data_cli import BACKUP_EXAMPLES, RESTORE_EXAMPLES, backup, check, migrate, restore
from server.errors import RelayError, SettingsError
from server.ledger_cli import ledger_cli
from server.privacy_cli import privacy_cli
from server.programs import relay_command
from server.recommender_cli import behaviour_cli, recommender_cli
from server.run_options import (
    CertificateKeyOption,
    CertificateOption,
    CoalesceOption,
    HostOption,
    HostsOption,
    KeepAuditOption,
    KeepBackupsOption,
    KeepBehaviourOption,
    KeepMessagesOption,
    LogJsonOption,
    OriginsOption,
    PortOption,
    ReadyOption,
    RecordingsFreeOption,
    RecordingsOption,
    RecordOption,
    StopWithStdinOption,
    TlsOption,
    check_certificate,
    decide_tls,
)
from server.service_unit import UNIT_NAME, write_unit
from server.settings import RecordingSettings, Retention, Settings
from wire.errors import WireError

EXIT_CODES: Final = """\b
Exit codes:
  0    done
  1    it cannot go on, for example the port is in use
  2    an option or a file that cannot be used
  3    the database cannot be used, or a check of it failed
  130  interrupted before it served
"""
RUN_EXAMPLES: Final = """\b
Examples:
  livehouse-relay run --room stage --print-ready
  livehouse-relay run --data-dir /srv/livehouse --host 0.0.0.0 --room stage
  livehouse-relay run --host 127.0.0.1 --no-tls --allow-host live.example.org
"""

cli: Final = typer.Typer(name=PROGRAM, pretty_exceptions_enable=False, rich_markup_mode=None)
admin_cli: Final = typer.Typer(
    help="Users, while the relay is stopped.", rich_markup_mode=None, no_args_is_help=True
)


def _tell_version(is_asked: bool) -> None:  # noqa: FBT001 # as typer calls it
    if is_asked:
        typer.echo(f"{PROGRAM} {_version('livehouse')}")
        raise typer.Exit


@cli.callback(invoke_without_command=True, epilog=EXIT_CODES)
def explain(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 # its callback answers and ends
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """The relay of Livehouse: accounts, rooms, chat and the forwarding of live media."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


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


@cli.command(epilog=RUN_EXAMPLES, short_help="Serve until Ctrl+C or SIGTERM.")
def run(  # noqa: PLR0913 # one argument for each option
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    host: HostOption = "127.0.0.1",
    port: PortOption = 7788,
    certificate: CertificateOption = None,
    certificate_key: CertificateKeyOption = None,
    database: DatabaseOption = "",
    room: RoomsOption = None,
    coalesce: CoalesceOption = "auto",
    allow_origin: OriginsOption = None,
    allow_host: HostsOption = None,
    *,
    keep_messages: KeepMessagesOption = 365,
    keep_behaviour: KeepBehaviourOption = 180,
    keep_audit: KeepAuditOption = 365,
    keep_backups: KeepBackupsOption = 30,
    record: RecordOption = True,
    recordings_gb: RecordingsOption = 20.0,
    recordings_free_mb: RecordingsFreeOption = 1_000,
    tls: TlsOption = None,
    print_ready: ReadyOption = False,
    log_json: LogJsonOption = False,
    stop_with_stdin: StopWithStdinOption = False,
) -> int:
    """Serve until Ctrl+C or SIGTERM: accounts, rooms, chat, live media and recordings."""
    settings = Settings(
        data_dir=data_dir,
        host=host,
        port=port,
        tls=decide_tls(host, tls),
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
    check_certificate(settings)
    # What the relay writes is its own: 0600 files in a 0700 folder.
    os.umask(0o077)
    # What is imported stays: looking for garbage among it takes as long as a tenth of the imports.
    gc.disable()
    from server import serving  # noqa: PLC0415 # see the module's docstring

    return serving.run(settings, print_ready=print_ready)


cli.command(epilog=BACKUP_EXAMPLES, short_help="Copy the house into one file.")(backup)
cli.command(epilog=RESTORE_EXAMPLES, short_help="Put a backup in the database's place.")(restore)
cli.command(short_help="Prove the database and the book of coins.")(check)
cli.command(short_help="Bring the database to the newest schema.")(migrate)


@cli.command(short_help="Make the relay come up with this machine.")
def install_service(
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Where to listen; the default lets other computers in, with TLS.",
        ),
    ] = "0.0.0.0",  # noqa: S104 # a home server is there for others; TLS is on by itself then
    port: Annotated[
        int, typer.Option(metavar="PORT", min=1, max=65535, help="Where it listens.")
    ] = 7788,
    room: RoomsOption = None,
    *,
    show: Annotated[bool, typer.Option("--show", help="Print the unit and write nothing.")] = False,
) -> None:
    """Write a unit for systemd, so that the relay comes up with this machine; without root."""
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
def about(*, as_json: JsonOption = False) -> None:
    """Say the versions of the relay and of what it is built on."""
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
    name: Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")],
    data_dir: DataDirOption = DEFAULT_DATA_DIR,
    database: DatabaseOption = "",
    password_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="File with the password in its first line; - is standard input."
        ),
    ] = None,
    *,
    admin: Annotated[bool, typer.Option("--admin", help="Make the user an admin.")] = False,
) -> None:
    """Make an account. The relay must be stopped.

    The password is asked for, or read from a file; it is never an argument.
    """
    password = _read_password(password_file)
    os.umask(0o077)
    from server import maintenance  # noqa: PLC0415 # see the module's docstring

    user = maintenance.create_user(data_dir, database, name=name, password=password, is_admin=admin)
    typer.echo(f"{'admin' if user.is_admin else 'user'} {user.name} made")


cli.add_typer(admin_cli, name="admin")
cli.add_typer(ledger_cli, name="ledger")
cli.add_typer(privacy_cli, name="privacy")
cli.add_typer(recommender_cli, name="recommender")
cli.add_typer(behaviour_cli, name="behaviour")


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
