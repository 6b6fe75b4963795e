"""`livehouse ingest`: rooms that show what another program or device encodes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final

import typer

from app import settings
from app.cli_options import (
    KeyFileOption,
    PinOption,
    PushFileOption,
    RelayOption,
    RoomOption,
    SecondsOption,
    StatsJsonOption,
)

ingest_cli: Final = typer.Typer(
    help="Go live with what another program or device encodes.", rich_markup_mode=None
)

_Layers = Annotated[str, typer.Option(help="auto passes on what can be; 720p,360p always encodes")]


@ingest_cli.command("rtmp")
def ingest_rtmp(
    relay: RelayOption,
    room: RoomOption,
    key_file: KeyFileOption = None,
    host: Annotated[str, typer.Option(help="0.0.0.0 lets other computers in")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one", min=0, max=65535)] = 1935,
    stream_key_file: Annotated[
        Path | None,
        typer.Option(
            help=f"Holds the encoder's stream key; else {settings.STREAM_KEY_VARIABLE} is read; "
            "else one is made and printed"
        ),
    ] = None,
    layers: _Layers = "auto",
    push_file: PushFileOption = None,
    seconds: SecondsOption = None,
    stats_json: StatsJsonOption = None,
    pin: PinOption = None,
) -> None:
    """Take what OBS or ffmpeg sends by RTMP into a room."""
    stream_key = settings.parse_stream_key(
        environment=os.environ.get(settings.STREAM_KEY_VARIABLE), key_file=stream_key_file
    )
    wish = _ingest_wish(relay, room, key_file, seconds, pin)
    from app import compose  # noqa: PLC0415 # Qt, av and sockets load for work, not for --help

    raise typer.Exit(
        compose.ingest_rtmp(
            wish,
            host=host,
            port=port,
            stream_key=stream_key,
            layers=layers,
            stats_json=stats_json,
            push_file=push_file,
        )
    )


@ingest_cli.command("pull")
def ingest_pull(
    relay: RelayOption,
    room: RoomOption,
    key_file: KeyFileOption = None,
    url: Annotated[str | None, typer.Option(help="rtsp://..., rtmp://... or http://...")] = None,
    url_file: Annotated[
        Path | None,
        typer.Option(
            help="Holds the address, where it has a password; else "
            f"{settings.SOURCE_URL_VARIABLE} is read"
        ),
    ] = None,
    layers: _Layers = "auto",
    push_file: PushFileOption = None,
    seconds: SecondsOption = None,
    stats_json: StatsJsonOption = None,
    pin: PinOption = None,
) -> None:
    """Pull a network camera or any address into a room, and keep pulling."""
    address = settings.parse_source_url(
        url=url, environment=os.environ.get(settings.SOURCE_URL_VARIABLE), url_file=url_file
    )
    wish = _ingest_wish(relay, room, key_file, seconds, pin)
    from app import compose  # noqa: PLC0415 # as above

    raise typer.Exit(
        compose.ingest_pull(
            wish, address=address, layers=layers, stats_json=stats_json, push_file=push_file
        )
    )


def _ingest_wish(
    relay: str, room: str, key_file: Path | None, seconds: float | None, pin: str | None
) -> settings.PublishSettings:
    key = settings.parse_publish_key(
        environment=os.environ.get(settings.PUBLISH_KEY_VARIABLE), key_file=key_file
    )
    return settings.PublishSettings(
        relay=relay,
        room=settings.parse_room(room),
        publish_key=key,
        source="testcard",
        seconds=settings.parse_seconds(seconds),
        pin=pin,
    )
