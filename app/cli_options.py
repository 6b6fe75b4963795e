"""Options that many commands of `livehouse` have, and how their help is written.

Help is plain text: every terminal of 80 columns shows it whole. Lines after a \\b stay as they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app import settings

RelayOption = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="The relay: ws://HOST:PORT, or wss://HOST:PORT where it speaks TLS.",
    ),
]
RoomOption = Annotated[str, typer.Option(metavar="ROOM", help="The room's id or name.")]
SecondsOption = Annotated[
    float | None,
    typer.Option(
        metavar="S",
        help="Stop so many seconds after the first packet; without it, go on until Ctrl+C.",
    ),
]
WindowSecondsOption = Annotated[
    float | None,
    typer.Option(metavar="S", help="Close by itself after so many seconds."),
]
StatsJsonOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the statistics into this JSON file at the end."),
]
PinOption = Annotated[
    str | None,
    typer.Option(
        metavar="HEX",
        help="Trust the relay's self-signed certificate by its SHA-256 fingerprint, 64 hex "
        "digits; the relay prints it at its start.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
SeedOption = Annotated[
    int,
    typer.Option(metavar="N", help="The same seed does the same again at the same time of day."),
]
PushFileOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Also stream to the RTMP services in this TOML file, a [[target]] table for each.",
    ),
]
KeyFileOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help=f"File that holds the room's publish key; else {settings.PUBLISH_KEY_VARIABLE} is "
        "read.",
    ),
]
AccountsDirOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Where the simulated viewers' accounts are kept; by default the window's folder.",
    ),
]
