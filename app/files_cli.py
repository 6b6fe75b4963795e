"""`livehouse clip`, `replay` and `danmaku`: recordings and danmaku as files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from app import settings
from app.cli_options import AccountsDirOption, PinOption, RelayOption, RoomOption, StatsJsonOption

CLIP_EXAMPLES: Final = """\b
Examples:
  livehouse clip show.mp4 best.mp4 --from 1:02:03.5 --to 1:03:00
  livehouse clip show.mp4 best.mp4 --from 90 --to 2:00 --exact
"""
EXPORT_EXAMPLES: Final = """\b
Examples:
  livehouse replay export 01m8b4380w0000wzbg show.mp4 \\
      --relay ws://127.0.0.1:7788
  livehouse replay export 01m8b4380w0000wzbg chat.csv \\
      --relay ws://127.0.0.1:7788
"""
CONVERT_EXAMPLES: Final = """\b
Example:
  livehouse danmaku convert film.xml film.ass --width 1920 --height 1080
"""
REHEARSE_EXAMPLES: Final = """\b
Example:
  livehouse danmaku rehearse film.xml --relay ws://127.0.0.1:7788 --room stage
"""

danmaku_cli: Final = typer.Typer(
    help="Danmaku as files: convert them, or say them in a room.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
replay_cli: Final = typer.Typer(
    help="Save the recordings of a relay.", rich_markup_mode=None, no_args_is_help=True
)


def clip(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="A recording: MP4, Matroska, FLV or MPEG-TS.")
    ],
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="The new file; ends in .mp4.")],
    from_moment: Annotated[
        str, typer.Option("--from", metavar="TIME", help="Where it begins, as 1:02:03.5 or 90.")
    ] = "0",
    to_moment: Annotated[
        str, typer.Option("--to", metavar="TIME", help="Where it ends; by default the end.")
    ] = "",
    *,
    exact: Annotated[
        bool,
        typer.Option(
            "--exact",
            help="Cut exactly at these pictures, which encodes again; else it is copied and begins "
            "at a keyframe.",
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


@replay_cli.command(
    name="export", epilog=EXPORT_EXAMPLES, short_help="Save a recording, or what was said in it."
)
def export_replay(
    replay: Annotated[str, typer.Argument(metavar="ID", help="The recording's id.")],
    target: Annotated[
        Path,
        typer.Argument(
            metavar="TARGET", help="The new file; ends in .mp4, .xml, .ass, .csv or .json."
        ),
    ],
    relay: RelayOption,
    from_moment: Annotated[
        str, typer.Option("--from", metavar="TIME", help="Where it begins, as 1:02:03.5; for .mp4.")
    ] = "0",
    to_moment: Annotated[
        str, typer.Option("--to", metavar="TIME", help="Where it ends; by default the end.")
    ] = "",
    *,
    exact: Annotated[
        bool, typer.Option("--exact", help="Cut exactly at these pictures, which encodes again.")
    ] = False,
    pin: PinOption = None,
) -> None:
    """Save a public or unlisted recording (.mp4), its danmaku (.xml, .ass), or its chat and gifts
    (.csv, .json).
    """
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


@danmaku_cli.command(name="convert", epilog=CONVERT_EXAMPLES)
def convert_danmaku(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="Danmaku as Bilibili XML.")],
    target: Annotated[
        Path,
        typer.Argument(metavar="TARGET", help="The new file; ends in .ass (subtitles) or .xml."),
    ],
    width: Annotated[int, typer.Option(metavar="PIXELS", help="Of the video, for .ass.")] = 1280,
    height: Annotated[int, typer.Option(metavar="PIXELS", help="Of the video, for .ass.")] = 720,
) -> None:
    """Make subtitles of danmaku, or clean a danmaku file."""
    from app.live import danmaku_convert  # noqa: PLC0415 # av loads for work, not for --help

    sys.stdout.write(danmaku_convert.convert(source, target, width=width, height=height))


@danmaku_cli.command(name="rehearse", epilog=REHEARSE_EXAMPLES)
def rehearse_danmaku(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="Danmaku as Bilibili XML.")],
    relay: RelayOption,
    room: RoomOption,
    people: Annotated[
        int, typer.Option(metavar="N", help="How many simulated viewers say it, 1 to 50.")
    ] = 8,
    speed: Annotated[
        float, typer.Option(metavar="FACTOR", help="So many times as fast, 0.1 to 20.")
    ] = 1.0,
    stats_json: StatsJsonOption = None,
    pin: PinOption = None,
    data_dir: AccountsDirOption = None,
) -> None:
    """Say a file's danmaku in a room, each at its moment."""
    from app import compose  # noqa: PLC0415 # as above

    wish = settings.parse_rehearsal(relay=relay, room=room, people=people, speed=speed, pin=pin)
    raise typer.Exit(compose.rehearse(source, wish, data_dir=data_dir, stats_json=stats_json))
