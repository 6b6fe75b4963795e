"""Options that many commands of `livehouse` have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app import settings

RelayOption = Annotated[str, typer.Option(help="ws://HOST:PORT or wss://HOST:PORT")]
RoomOption = Annotated[str, typer.Option(help="The room's id or name")]
SecondsOption = Annotated[
    float | None, typer.Option(help="Stop so long after the first packet; for ever without it")
]
StatsJsonOption = Annotated[Path | None, typer.Option(help="Write the statistics here at the end")]
PinOption = Annotated[
    str | None, typer.Option(help="SHA-256 of the relay's certificate, for a self-signed one")
]

PushFileOption = Annotated[
    Path | None,
    typer.Option(help="TOML with [[target]] tables: RTMP services to stream to as well"),
]
KeyFileOption = Annotated[
    Path | None,
    typer.Option(help=f"Holds the publish key; else {settings.PUBLISH_KEY_VARIABLE} is read"),
]
