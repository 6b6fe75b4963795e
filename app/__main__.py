"""`livehouse`: the command line of the desktop program.

Exit codes: 0 done, 1 unexpected, 2 bad input, 3 relay not reachable, 4 refused by the relay,
5 media failed. What went wrong is one line on standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer
from typer.exceptions import TyperException

from app import settings
from app.errors import ExitCode, LivehouseError
from app.settings import DECODER_COMMAND

_Relay = Annotated[str, typer.Option(help="ws://HOST:PORT or wss://HOST:PORT")]
_Room = Annotated[str, typer.Option(help="The room's id or name")]
_Seconds = Annotated[
    float | None, typer.Option(help="Stop so long after the first packet; for ever without it")
]
_StatsJson = Annotated[Path | None, typer.Option(help="Write the statistics here at the end")]
_Pin = Annotated[
    str | None, typer.Option(help="SHA-256 of the relay's certificate, for a self-signed one")
]

cli: Final = typer.Typer(
    name="livehouse",
    help="A live venue on your own computer.",
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


danmaku_cli: Final = typer.Typer(help="Danmaku as files.", rich_markup_mode="rich")
cli.add_typer(danmaku_cli, name="danmaku", no_args_is_help=True)
replay_cli: Final = typer.Typer(help="Recordings at a relay.", rich_markup_mode="rich")
cli.add_typer(replay_cli, name="replay", no_args_is_help=True)


@cli.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where the window keeps everything; without the keyring")
    ] = None,
    join: Annotated[str, typer.Option(help="An invite link to open")] = "",
    seconds: Annotated[float | None, typer.Option(help="Close by itself after so long")] = None,
) -> None:
    """Without a command: the window; where there is no display, `host`."""
    if context.invoked_subcommand is None:
        from app import compose  # noqa: PLC0415 # Qt, av and sockets load for work, not for --help

        checked_s = settings.parse_seconds(seconds)
        raise typer.Exit(compose.window(data_dir=data_dir, link=join, seconds=checked_s))


@cli.command()
def publish(  # noqa: PLR0913 # one argument for each option
    relay: _Relay,
    room: _Room,
    source: Annotated[
        str,
        typer.Option(
            help="camera[:DEVICE], screen[:N], window:TITLE, file:PATH, url:ADDRESS or testcard"
        ),
    ],
    key_file: Annotated[
        Path | None,
        typer.Option(help=f"Holds the publish key; else {settings.PUBLISH_KEY_VARIABLE} is read"),
    ] = None,
    audio: Annotated[
        str | None,
        typer.Option(help="mic[:DEVICE], file, tone or none; by default what fits the source"),
    ] = None,
    layers: Annotated[
        str,
        typer.Option(help="Qualities, such as 720p,360p; auto: what this machine encodes at once"),
    ] = "720p",
    codec: Annotated[str, typer.Option(help="h264 or h265")] = "h264",
    encoder: Annotated[
        str, typer.Option(help="auto, or a name from `livehouse encoders`")
    ] = "auto",
    second_path: Annotated[
        str,
        typer.Option(help="An address of this machine for a second way up, as of a phone's link"),
    ] = "",
    *,
    loop: Annotated[bool, typer.Option("--loop", help="Play a file again and again")] = False,
    seconds: _Seconds = None,
    stats_json: _StatsJson = None,
    pin: _Pin = None,
    push_file: Annotated[
        Path | None,
        typer.Option(help="TOML with [[target]] tables: RTMP services to stream to as well"),
    ] = None,
) -> None:
    """Go live in a room."""
    key = settings.parse_publish_key(
        environment=os.environ.get(settings.PUBLISH_KEY_VARIABLE), key_file=key_file
    )
    wish = settings.PublishSettings(
        relay=relay,
        room=settings.parse_room(room),
        publish_key=key,
        source=source,
        audio=audio,
        layers=layers,
        second_path=settings.parse_second_path(second_path),
        codec=codec,
        encoder=encoder,
        loop=loop,
        seconds=settings.parse_seconds(seconds),
        pin=pin,
    )
    from app import compose  # noqa: PLC0415 # av, numpy and sockets load for work, not for --help

    raise typer.Exit(compose.publish(wish, stats_json=stats_json, push_file=push_file))


@cli.command()
def watch(
    relay: _Relay,
    room: _Room,
    layer: Annotated[str, typer.Option(help="auto, or 0 (lowest) and up")] = "auto",
    *,
    audio_only: Annotated[bool, typer.Option("--audio-only", help="No pictures")] = False,
    delay_ms: Annotated[
        int, typer.Option(help="0 (instant) to 2000 (steady)")
    ] = settings.DELAY_MS_DEFAULT,
    seconds: _Seconds = None,
    record: Annotated[Path | None, typer.Option(help="Keep what comes in as Matroska")] = None,
    stats_json: _StatsJson = None,
    pin: _Pin = None,
    play: Annotated[bool, typer.Option("--play", help="Sound to the real device")] = False,
    invite_file: Annotated[
        Path | None,
        typer.Option(
            help=f"Holds the invite to a private room; else {settings.INVITE_VARIABLE} is read"
        ),
    ] = None,
    passphrase_file: Annotated[
        Path | None,
        typer.Option(help=f"Holds its passphrase; else {settings.PASSPHRASE_VARIABLE} is read"),
    ] = None,
) -> None:
    """Watch a room, and measure how it goes."""
    wish = settings.WatchSettings(
        relay=relay,
        room=settings.parse_room(room),
        layer=settings.parse_layer(layer),
        audio_only=audio_only,
        delay_ms=settings.parse_delay_ms(delay_ms),
        seconds=settings.parse_seconds(seconds),
        record=record,
        play=play,
        pin=pin,
        invite=settings.parse_invite(
            environment=os.environ.get(settings.INVITE_VARIABLE), invite_file=invite_file
        ),
        passphrase=settings.parse_passphrase(
            environment=os.environ.get(settings.PASSPHRASE_VARIABLE),
            passphrase_file=passphrase_file,
        ),
    )
    from app import compose  # noqa: PLC0415 # as above

    raise typer.Exit(compose.watch(wish, stats_json=stats_json))


@cli.command()
def host(
    seconds: _Seconds = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where everything is kept, as for the window")
    ] = None,
) -> None:
    """Without a window: start the relay here, go live with what there is, print statistics."""
    from app import compose  # noqa: PLC0415 # as above

    raise typer.Exit(compose.host(seconds=settings.parse_seconds(seconds), data_dir=data_dir))


@cli.command()
def simulate(
    relay: _Relay,
    viewers: Annotated[int, typer.Option(help=f"1 to {settings.VIEWERS_MAX}")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed does the same again")] = 1,
    room: Annotated[
        list[str] | None,
        typer.Option(help="A room's id or name, as often as wanted; by default all public rooms"),
    ] = None,
    picture_share: Annotated[
        float, typer.Option(help="Of the viewers; the others take the sound alone")
    ] = 0.25,
    seconds: _Seconds = None,
    stats_json: _StatsJson = None,
    pin: _Pin = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where the simulated viewers' accounts are kept")
    ] = None,
) -> None:
    """Fill rooms with viewers that come, chat and go as people do."""
    wish = settings.parse_audience(
        relay=relay,
        pin=pin,
        rooms=room or (),
        viewers=viewers,
        seed=seed,
        picture_share=picture_share,
        seconds=seconds,
    )
    from app import compose  # noqa: PLC0415 # as above

    raise typer.Exit(compose.simulate(wish, data_dir=data_dir, stats_json=stats_json))


@cli.command()
def demo(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Media files to show beside the test cards")
    ] = None,
    viewers: Annotated[int, typer.Option(help="Simulated ones")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed does the same again")] = 1,
    seconds: Annotated[float | None, typer.Option(help="Close by itself after so long")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Keep the demo here; by default it leaves nothing")
    ] = None,
    relay: Annotated[
        str, typer.Option(help="Fill the house at this relay instead of one of its own")
    ] = "",
    pin: _Pin = None,
    *,
    show_window: Annotated[
        bool, typer.Option("--window/--no-window", help="Without: statistics only")
    ] = True,
    as_child: Annotated[
        bool, typer.Option("--as-child", hidden=True, help="Says when it is open; ends with stdin")
    ] = False,
) -> None:
    """A lively house on this computer: rooms, broadcasts, an audience, and the window on it."""
    wish = settings.parse_demo(
        files=files or (), viewers=viewers, seed=seed, seconds=seconds, relay=relay, pin=pin
    )
    from app import compose  # noqa: PLC0415 # as above

    if as_child and data_dir is not None:
        raise typer.Exit(compose.run_demo_house(wish, data_dir=data_dir, is_child=True))
    raise typer.Exit(compose.demo(wish, data_dir=data_dir, wants_window=show_window))


@cli.command()
def encoders() -> None:
    """Which video encoders work on this machine."""
    from app import compose  # noqa: PLC0415 # as above

    sys.stdout.write(compose.list_encoders())


@cli.command()
def devices() -> None:
    """What there is to capture, as --source and --audio take it."""
    from app import compose  # noqa: PLC0415 # as above

    sys.stdout.write(compose.list_sources())


ingest_cli: Final = typer.Typer(
    help="Go live with what another program or device encodes.", rich_markup_mode=None
)
cli.add_typer(ingest_cli, name="ingest")

_KeyFile = Annotated[
    Path | None,
    typer.Option(help=f"Holds the publish key; else {settings.PUBLISH_KEY_VARIABLE} is read"),
]
_IngestLayers = Annotated[
    str, typer.Option(help="auto passes on what can be; 720p,360p always encodes")
]


@ingest_cli.command("rtmp")
def ingest_rtmp(
    relay: _Relay,
    room: _Room,
    key_file: _KeyFile = None,
    host: Annotated[str, typer.Option(help="0.0.0.0 lets other computers in")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one", min=0, max=65535)] = 1935,
    stream_key_file: Annotated[
        Path | None,
        typer.Option(
            help=f"Holds the encoder's stream key; else {settings.STREAM_KEY_VARIABLE} is read; "
            "else one is made and printed"
        ),
    ] = None,
    layers: _IngestLayers = "auto",
    seconds: _Seconds = None,
    stats_json: _StatsJson = None,
    pin: _Pin = None,
) -> None:
    """Take what OBS or ffmpeg sends by RTMP into a room."""
    stream_key = settings.parse_stream_key(
        environment=os.environ.get(settings.STREAM_KEY_VARIABLE), key_file=stream_key_file
    )
    wish = _ingest_wish(relay, room, key_file, seconds, pin)
    from app import compose  # noqa: PLC0415 # as above

    raise typer.Exit(
        compose.ingest_rtmp(
            wish,
            host=host,
            port=port,
            stream_key=stream_key,
            layers=layers,
            stats_json=stats_json,
        )
    )


@ingest_cli.command("pull")
def ingest_pull(
    relay: _Relay,
    room: _Room,
    key_file: _KeyFile = None,
    url: Annotated[str | None, typer.Option(help="rtsp://..., rtmp://... or http://...")] = None,
    url_file: Annotated[
        Path | None,
        typer.Option(
            help="Holds the address, where it has a password; else "
            f"{settings.SOURCE_URL_VARIABLE} is read"
        ),
    ] = None,
    layers: _IngestLayers = "auto",
    seconds: _Seconds = None,
    stats_json: _StatsJson = None,
    pin: _Pin = None,
) -> None:
    """Pull a network camera or any address into a room, and keep pulling."""
    address = settings.parse_source_url(
        url=url, environment=os.environ.get(settings.SOURCE_URL_VARIABLE), url_file=url_file
    )
    wish = _ingest_wish(relay, room, key_file, seconds, pin)
    from app import compose  # noqa: PLC0415 # as above

    raise typer.Exit(
        compose.ingest_pull(wish, address=address, layers=layers, stats_json=stats_json)
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


@cli.command()
def clip(
    source: Annotated[Path, typer.Argument(help="A recording: MP4, Matroska, FLV or MPEG-TS")],
    target: Annotated[Path, typer.Argument(help="Ends in .mp4")],
    from_moment: Annotated[str, typer.Option("--from", help="As 1:02:03.5")] = "0",
    to_moment: Annotated[str, typer.Option("--to", help="As --from; by default the end")] = "",
    *,
    exact: Annotated[
        bool,
        typer.Option(
            "--exact", help="From picture to picture, encoded again; else copied at keyframes"
        ),
    ] = False,
) -> None:
    """Cut a piece out of a recording."""
    from app.live import clip_command  # noqa: PLC0415 # av loads for work, not for --help

    sys.stdout.write(
        clip_command.clip_file(
            source, target, from_words=from_moment, to_words=to_moment, is_exact=exact
        )
    )


@replay_cli.command(name="export")
def export_replay(
    replay: Annotated[str, typer.Argument(help="The recording's id")],
    target: Annotated[Path, typer.Argument(help="Ends in .mp4, .xml, .ass, .csv or .json")],
    relay: _Relay,
    from_moment: Annotated[str, typer.Option("--from", help="As 1:02:03.5; for .mp4")] = "0",
    to_moment: Annotated[str, typer.Option("--to", help="As --from; by default the end")] = "",
    *,
    exact: Annotated[
        bool, typer.Option("--exact", help="From picture to picture, encoded again")
    ] = False,
    pin: _Pin = None,
) -> None:
    """Save a public or unlisted recording, a piece of it, or what was said in it."""
    from app.live import replay_command  # noqa: PLC0415 # as above

    sys.stdout.write(
        replay_command.export_replay(
            relay,
            replay,
            target,
            from_words=from_moment,
            to_words=to_moment,
            is_exact=exact,
            pin=pin,
        )
    )


@danmaku_cli.command(name="convert")
def convert_danmaku(
    source: Annotated[Path, typer.Argument(help="Bilibili XML")],
    target: Annotated[Path, typer.Argument(help="Ends in .ass (subtitles) or .xml")],
    width: Annotated[int, typer.Option(help="Of the video, for .ass")] = 1280,
    height: Annotated[int, typer.Option(help="Of the video, for .ass")] = 720,
) -> None:
    """Make another kind of danmaku file of one."""
    from app.live import danmaku_convert  # noqa: PLC0415 # av loads for work, not for --help

    sys.stdout.write(danmaku_convert.convert(source, target, width=width, height=height))


@danmaku_cli.command(name="rehearse")
def rehearse_danmaku(
    source: Annotated[Path, typer.Argument(help="Bilibili XML")],
    relay: _Relay,
    room: _Room,
    people: Annotated[int, typer.Option(help="Who say it, 1 to 50")] = 8,
    speed: Annotated[float, typer.Option(help="0.1 to 20 times as fast")] = 1.0,
    stats_json: _StatsJson = None,
    pin: _Pin = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where the simulated viewers' accounts are kept")
    ] = None,
) -> None:
    """Say a file's danmaku in a room, each at its moment."""
    from app import compose  # noqa: PLC0415 # as above

    wish = settings.parse_rehearsal(relay=relay, room=room, people=people, speed=speed, pin=pin)
    raise typer.Exit(compose.rehearse(source, wish, data_dir=data_dir, stats_json=stats_json))


@cli.command(DECODER_COMMAND, hidden=True)
def decode_pictures(place: str) -> None:
    """The decoder child of the packaged program; from source its module is run by itself."""
    from app.media.playback import decoder_child  # noqa: PLC0415 # as above

    raise typer.Exit(decoder_child.main([place]))


def main() -> None:
    """Entry point."""
    sys.exit(run(cli))


def run(command: Callable[..., object]) -> int:
    """Call a typer app; every failure becomes one line and an exit code."""
    try:
        outcome = command(prog_name="livehouse", standalone_mode=False)
    except TyperException as error:
        return _fail(error.format_message(), ExitCode.BAD_INPUT)
    except LivehouseError as error:
        return _fail(error.message, error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return _fail("interrupted", 130)
    except Exception as error:  # the last line of defence: a line, not a traceback
        if os.environ.get("LIVEHOUSE_DEBUG"):
            raise
        return _fail(
            f"unexpected: {type(error).__name__}: {error} (LIVEHOUSE_DEBUG=1 shows more)",
            ExitCode.UNEXPECTED,
        )
    return int(outcome) if isinstance(outcome, int) else ExitCode.OK


def _fail(words: str, code: int) -> int:
    sys.stderr.write(f"livehouse: {' '.join(words.split())}\n")
    return code


if __name__ == "__main__":
    main()
