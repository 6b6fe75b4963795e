"""`livehouse`: the command line of the desktop program.

What went wrong is one line on standard error and an exit code (`EXIT_CODES`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer
from typer.exceptions import TyperException

from app import settings
from app.cli_options import (
    AccountsDirOption,
    JsonOption,
    KeyFileOption,
    PinOption,
    PushFileOption,
    RelayOption,
    RoomOption,
    SecondsOption,
    SeedOption,
    StatsJsonOption,
    WindowSecondsOption,
)
from app.errors import ExitCode, LivehouseError
from app.files_cli import CLIP_EXAMPLES, clip, danmaku_cli, replay_cli
from app.ingest_cli import ingest_cli
from app.settings import DECODER_COMMAND

EXIT_CODES: Final = """\b
Exit codes:
  0    done
  1    something unforeseen; LIVEHOUSE_DEBUG=1 shows more
  2    an option, file, room name or key that cannot be used
  3    no relay reached
  4    the relay said no
  5    a source, encoder or device failed
  130  interrupted
"""
PUBLISH_EXAMPLES: Final = """\b
Examples, with the key in LIVEHOUSE_PUBLISH_KEY:
  livehouse publish --relay ws://127.0.0.1:7788 --room stage --source testcard
  livehouse publish --relay ws://127.0.0.1:7788 --room stage \\
      --source file:talk.mp4 --loop --layers 720p,360p
  livehouse publish --relay wss://192.168.1.20:7788 --pin 67964f2e... \\
      --room stage --source camera --audio mic
"""
WATCH_EXAMPLES: Final = """\b
Examples:
  livehouse watch --relay ws://127.0.0.1:7788 --room stage --play
  livehouse watch --relay ws://127.0.0.1:7788 --room stage \\
      --seconds 60 --record show.mkv --stats-json figures.json
"""
SIMULATE_EXAMPLES: Final = """\b
Example:
  livehouse simulate --relay ws://127.0.0.1:7788 --viewers 100 --room stage
"""
DEMO_EXAMPLES: Final = """\b
Examples:
  livehouse demo
  livehouse demo holiday.mp4 concert.mkv --viewers 80
"""

cli: Final = typer.Typer(name="livehouse", pretty_exceptions_enable=False, rich_markup_mode=None)


def _tell_version(is_asked: bool) -> None:  # noqa: FBT001 # as typer calls it
    if is_asked:
        sys.stdout.write(f"livehouse {version('livehouse')}\n")
        raise typer.Exit


@cli.callback(invoke_without_command=True, epilog=EXIT_CODES)
def start(
    context: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Keep everything in this folder, secrets too instead of in the keyring: a house "
            "apart from the usual one.",
        ),
    ] = None,
    join: Annotated[
        str, typer.Option(metavar="LINK", help="Open this invite link, livehouse://...")
    ] = "",
    seconds: WindowSecondsOption = None,
    *,
    version: Annotated[  # noqa: ARG001 # its callback answers and ends
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """A live venue on your own computer: go live, and watch.

    Without a command it opens the window; where there is no display, it does as `livehouse host`.
    """
    if context.invoked_subcommand is None:
        from app import compose  # noqa: PLC0415 # Qt, av and sockets load for work, not for --help

        checked_s = settings.parse_seconds(seconds)
        raise typer.Exit(compose.window(data_dir=data_dir, link=join, seconds=checked_s))


@cli.command(epilog=PUBLISH_EXAMPLES, short_help="Go live in a room.")
def publish(  # noqa: PLR0913 # one argument for each option
    relay: RelayOption,
    room: RoomOption,
    source: Annotated[
        str,
        typer.Option(
            metavar="SOURCE",
            help="camera[:DEVICE], screen[:N], window:TITLE, file:PATH, url:ADDRESS or "
            "testcard[:WIDTHxHEIGHT@FPS[,STYLE]]; `livehouse devices` lists the names.",
        ),
    ],
    key_file: KeyFileOption = None,
    audio: Annotated[
        str | None,
        typer.Option(
            metavar="SOUND",
            help="mic[:DEVICE], file, tone or none; by default what fits the source.",
        ),
    ] = None,
    layers: Annotated[
        str,
        typer.Option(
            metavar="LIST",
            help="Qualities, such as 720p,360p; auto takes as many as this machine can encode at "
            "once.",
        ),
    ] = "720p",
    codec: Annotated[str, typer.Option(metavar="NAME", help="h264 or h265.")] = "h264",
    encoder: Annotated[
        str, typer.Option(metavar="NAME", help="auto, or a name from `livehouse encoders`.")
    ] = "auto",
    second_path: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Send over a second network too, from this address of this machine; losing either "
            "network then costs no picture.",
        ),
    ] = "",
    *,
    loop: Annotated[bool, typer.Option("--loop", help="Play a file again and again.")] = False,
    seconds: SecondsOption = None,
    stats_json: StatsJsonOption = None,
    pin: PinOption = None,
    push_file: PushFileOption = None,
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


@cli.command(epilog=WATCH_EXAMPLES, short_help="Watch a room, and measure how it goes.")
def watch(
    relay: RelayOption,
    room: RoomOption,
    layer: Annotated[
        str,
        typer.Option(
            metavar="LAYER",
            help="The quality: auto is what the connection carries, 0 the lowest, and up.",
        ),
    ] = "auto",
    *,
    audio_only: Annotated[bool, typer.Option("--audio-only", help="Take the sound alone.")] = False,
    delay_ms: Annotated[
        int,
        typer.Option(
            metavar="MS",
            help="How long the viewer waits for what is late, in milliseconds: 0 (instant) to "
            f"{settings.DELAY_MS_MAX} (steady).",
        ),
    ] = settings.DELAY_MS_DEFAULT,
    seconds: SecondsOption = None,
    record: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep what comes in, as Matroska.")
    ] = None,
    stats_json: StatsJsonOption = None,
    pin: PinOption = None,
    play: Annotated[bool, typer.Option("--play", help="Play the sound.")] = False,
    invite_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"File with the invite to a private room; else {settings.INVITE_VARIABLE} is "
            "read.",
        ),
    ] = None,
    passphrase_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"File with its passphrase; else {settings.PASSPHRASE_VARIABLE} is read.",
        ),
    ] = None,
) -> None:
    """Watch a room: decode for real, and say once a second how it goes."""
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


@cli.command(short_help="Go live without a window.")
def host(
    seconds: SecondsOption = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where everything is kept, as for the window."),
    ] = None,
) -> None:
    """Go live without a window: a relay, camera and microphone or the test card, and statistics."""
    from app import compose  # noqa: PLC0415 # as above

    raise typer.Exit(compose.host(seconds=settings.parse_seconds(seconds), data_dir=data_dir))


@cli.command(epilog=SIMULATE_EXAMPLES, short_help="Fill rooms with simulated viewers.")
def simulate(
    relay: RelayOption,
    viewers: Annotated[
        int, typer.Option(metavar="N", help=f"How many, 1 to {settings.VIEWERS_MAX}.")
    ] = 30,
    seed: SeedOption = 1,
    room: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROOM",
            help="A room's id or name, as often as wanted; by default all public rooms.",
        ),
    ] = None,
    picture_share: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            help="Which part of them takes pictures, 0 to 1; the others take the sound alone.",
        ),
    ] = 0.25,
    seconds: SecondsOption = None,
    stats_json: StatsJsonOption = None,
    pin: PinOption = None,
    data_dir: AccountsDirOption = None,
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


@cli.command(epilog=DEMO_EXAMPLES, short_help="A lively house at once, with an audience.")
def demo(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE",
            help=f"Media files to show first, at most {settings.DEMO_FILES_MAX}; test cards fill "
            "the other rooms.",
        ),
    ] = None,
    viewers: Annotated[
        int, typer.Option(metavar="N", help=f"Simulated ones, 1 to {settings.VIEWERS_MAX}.")
    ] = 40,
    seed: SeedOption = 1,
    seconds: WindowSecondsOption = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Keep the demo here; by default it leaves nothing."),
    ] = None,
    relay: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Fill the house at this relay instead of one of its own."
        ),
    ] = "",
    pin: PinOption = None,
    *,
    show_window: Annotated[
        bool,
        typer.Option("--window/--no-window", help="Open the window, or print statistics only."),
    ] = True,
    as_child: Annotated[
        bool, typer.Option("--as-child", hidden=True, help="Says when it is open; ends with stdin.")
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


@cli.command(short_help="List the video encoders that work here.")
def encoders(*, as_json: JsonOption = False) -> None:
    """List the video encoders, and which of them work on this machine."""
    from app.live import encoder_table  # noqa: PLC0415 # as above

    sys.stdout.write(encoder_table.describe_encoders(as_json=as_json))


@cli.command(short_help="List what there is to capture.")
def devices(*, as_json: JsonOption = False) -> None:
    """List cameras, screens, windows and microphones, as --source and --audio take them."""
    from app.live import device_table  # noqa: PLC0415 # as above

    sys.stdout.write(device_table.describe_sources(as_json=as_json))


cli.command(epilog=CLIP_EXAMPLES, short_help="Cut a piece out of a recording.")(clip)
cli.add_typer(ingest_cli, name="ingest")
cli.add_typer(replay_cli, name="replay")
cli.add_typer(danmaku_cli, name="danmaku")


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
