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
from app.cli_options import (
    KeyFileOption,
    PinOption,
    PushFileOption,
    RelayOption,
    RoomOption,
    SecondsOption,
    StatsJsonOption,
)
from app.errors import ExitCode, LivehouseError
from app.files_cli import clip, danmaku_cli, replay_cli
from app.ingest_cli import ingest_cli
from app.settings import DECODER_COMMAND

cli: Final = typer.Typer(
    name="livehouse",
    help="A live venue on your own computer.",
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


cli.command()(clip)
cli.add_typer(danmaku_cli, name="danmaku", no_args_is_help=True)
cli.add_typer(replay_cli, name="replay", no_args_is_help=True)
cli.add_typer(ingest_cli, name="ingest")


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
    relay: RelayOption,
    room: RoomOption,
    source: Annotated[
        str,
        typer.Option(
            help="camera[:DEVICE], screen[:N], window:TITLE, file:PATH, url:ADDRESS or testcard"
        ),
    ],
    key_file: KeyFileOption = None,
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


@cli.command()
def watch(
    relay: RelayOption,
    room: RoomOption,
    layer: Annotated[str, typer.Option(help="auto, or 0 (lowest) and up")] = "auto",
    *,
    audio_only: Annotated[bool, typer.Option("--audio-only", help="No pictures")] = False,
    delay_ms: Annotated[
        int, typer.Option(help="0 (instant) to 2000 (steady)")
    ] = settings.DELAY_MS_DEFAULT,
    seconds: SecondsOption = None,
    record: Annotated[Path | None, typer.Option(help="Keep what comes in as Matroska")] = None,
    stats_json: StatsJsonOption = None,
    pin: PinOption = None,
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
    seconds: SecondsOption = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where everything is kept, as for the window")
    ] = None,
) -> None:
    """Without a window: start the relay here, go live with what there is, print statistics."""
    from app import compose  # noqa: PLC0415 # as above

    raise typer.Exit(compose.host(seconds=settings.parse_seconds(seconds), data_dir=data_dir))


@cli.command()
def simulate(
    relay: RelayOption,
    viewers: Annotated[int, typer.Option(help=f"1 to {settings.VIEWERS_MAX}")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed does the same again")] = 1,
    room: Annotated[
        list[str] | None,
        typer.Option(help="A room's id or name, as often as wanted; by default all public rooms"),
    ] = None,
    picture_share: Annotated[
        float, typer.Option(help="Of the viewers; the others take the sound alone")
    ] = 0.25,
    seconds: SecondsOption = None,
    stats_json: StatsJsonOption = None,
    pin: PinOption = None,
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
    pin: PinOption = None,
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
