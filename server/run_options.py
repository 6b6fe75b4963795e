"""The options of `livehouse-relay run`, and what they must be together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.errors import SettingsError
from server.settings import CoalesceMode, Settings

HostOption = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Where to listen; 0.0.0.0 lets other computers in.")
]
PortOption = Annotated[
    int, typer.Option(metavar="PORT", min=0, max=65535, help="0 picks a free one.")
]
CertificateOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A certificate chain (PEM) instead of its own.")
]
CertificateKeyOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Its private key (PEM).")
]
CoalesceOption = Annotated[
    CoalesceMode,
    typer.Option(
        help="Send sound together with the next picture, which saves work; auto: under load."
    ),
]
OriginsOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ORIGIN",
        help="A web page that may connect, as https://example.org; may be given more than once.",
    ),
]
HostsOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="A further name by which clients reach the relay, for a proxy or DNS; may be given "
        "more than once. The first stands in the links.",
    ),
]
KeepMessagesOption = Annotated[
    int, typer.Option(metavar="DAYS", min=0, help="How long chat is kept; 0 is for ever.")
]
KeepBehaviourOption = Annotated[
    int,
    typer.Option(
        metavar="DAYS", min=0, help="How long it is kept who watched what; 0 is for ever."
    ),
]
KeepAuditOption = Annotated[
    int,
    typer.Option(metavar="DAYS", min=0, help="How long the book of acts is kept; 0 is for ever."),
]
KeepBackupsOption = Annotated[
    int,
    typer.Option(metavar="DAYS", min=0, help="How long automatic backups are kept; 0 is for ever."),
]
RecordOption = Annotated[
    bool, typer.Option("--record/--no-record", help="Record what is broadcast.")
]
RecordingsOption = Annotated[
    float,
    typer.Option(
        metavar="GB", min=0, help="What all recordings may take of the disk; the oldest go first."
    ),
]
RecordingsFreeOption = Annotated[
    int,
    typer.Option(metavar="MB", min=0, help="Recording stops while less of the disk is free."),
]
TlsOption = Annotated[
    bool | None,
    typer.Option(
        "--tls/--no-tls",
        help="Encrypt; on by itself beyond this machine, where it cannot be off.",
    ),
]
ReadyOption = Annotated[
    bool,
    typer.Option(
        "--print-ready",
        help="Print one line of JSON once it serves: address, rooms with keys and links.",
    ),
]
LogJsonOption = Annotated[
    bool,
    typer.Option("--log-json", help="Write the log as JSON lines, on standard error as always."),
]
StopWithStdinOption = Annotated[
    bool, typer.Option("--stop-with-stdin", help="Also end when standard input ends.")
]


def decide_tls(host: str, wish: bool | None) -> bool:  # noqa: FBT001 # the option as it was given
    """Raises SettingsError where passwords would go in the clear."""
    is_loopback = Settings(data_dir=Path(), host=host).is_loopback
    if wish is False and not is_loopback:
        raise SettingsError(
            f"plain ws on {host} would send passwords in the clear: leave out --no-tls, or "
            "listen on 127.0.0.1 behind a TLS proxy"
        )
    return (not is_loopback) if wish is None else wish


def check_certificate(settings: Settings) -> None:
    """Raises SettingsError where the files are not a pair, are not there or are not used."""
    pair = (settings.certificate, settings.certificate_key)
    if (pair[0] is None) != (pair[1] is None):
        raise SettingsError("--certificate and --certificate-key belong together")
    for path in pair:
        if path is not None and not path.is_file():
            raise SettingsError(f"there is no file {path}")
    if pair[0] is not None and not settings.tls:
        raise SettingsError("a certificate needs --tls")
