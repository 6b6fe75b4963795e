"""`livehouse clip`, `replay` and `danmaku`: recordings and danmaku as files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from app import settings
from app.cli_options import PinOption, RelayOption, RoomOption, StatsJsonOption

danmaku_cli: Final = typer.Typer(help="Danmaku as files.", rich_markup_mode="rich")
replay_cli: Final = typer.Typer(help="Recordings at a relay.", rich_markup_mode="rich")


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
    relay: RelayOption,
    from_moment: Annotated[str, typer.Option("--from", help="As 1:02:03.5; for .mp4")] = "0",
    to_moment: Annotated[str, typer.Option("--to", help="As --from; by default the end")] = "",
    *,
    exact: Annotated[
        bool, typer.Option("--exact", help="From picture to picture, encoded again")
    ] = False,
    pin: PinOption = None,
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
    relay: RelayOption,
    room: RoomOption,
    people: Annotated[int, typer.Option(help="Who say it, 1 to 50")] = 8,
    speed: Annotated[float, typer.Option(help="0.1 to 20 times as fast")] = 1.0,
    stats_json: StatsJsonOption = None,
    pin: PinOption = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where the simulated viewers' accounts are kept")
    ] = None,
) -> None:
    """Say a file's danmaku in a room, each at its moment."""
    from app import compose  # noqa: PLC0415 # as above

    wish = settings.parse_rehearsal(relay=relay, room=room, people=people, speed=speed, pin=pin)
    raise typer.Exit(compose.rehearse(source, wish, data_dir=data_dir, stats_json=stats_json))
