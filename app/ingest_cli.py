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

RTMP_EXAMPLES: Final = """\b
Examples, with the key in LIVEHOUSE_PUBLISH_KEY:
  livehouse ingest rtmp --relay ws://127.0.0.1:7788 --room stage
  livehouse ingest rtmp --relay ws://127.0.0.1:7788 --room stage \\
      --host 0.0.0.0 --stream-key-file stream.key
"""
PULL_EXAMPLES: Final = """\b
Example, with the key in LIVEHOUSE_PUBLISH_KEY:
  livehouse ingest pull --relay ws://127.0.0.1:7788 --room stage \\
      --url rtsp://camera.local/stream
"""

ingest_cli: Final = typer.Typer(
    help="Go live with what another program or a network camera encodes.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

_Layers = Annotated[
    str,
    typer.Option(
        metavar="LIST",
        help="auto passes pictures on as they are where that works; 720p,360p always encodes.",
    ),
]


@ingest_cli.command("rtmp", epilog=RTMP_EXAMPLES)
def ingest_rtmp(
    relay: RelayOption,
    room: RoomOption,
    key_file: KeyFileOption = None,
    host: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Where to listen; 0.0.0.0 lets other computers in."),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="PORT", help="0 takes a free one.", min=0, max=65535)
    ] = 1935,
    stream_key_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"File with the encoder's stream key; else {settings.STREAM_KEY_VARIABLE} is "
            "read; else one is made and printed.",
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


@ingest_cli.command("pull", epilog=PULL_EXAMPLES)
def ingest_pull(
    relay: RelayOption,
    room: RoomOption,
    key_file: KeyFileOption = None,
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="An address: rtsp://..., rtmp://... or http://..."),
    ] = None,
    url_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="File with the address, where it has a password; else "
            f"{settings.SOURCE_URL_VARIABLE} is read.",
        ),
    ] = None,
    layers: _Layers = "auto",
    push_file: PushFileOption = None,
    seconds: SecondsOption = None,
    stats_json: StatsJsonOption = None,
    pin: PinOption = None,
) -> None:
    """Pull a network camera or another address into a room."""
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
