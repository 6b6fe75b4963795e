"""`livehouse replay export`: a recording at a relay as a file here, without an account."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from app.danmaku.estimate import estimate_width
from app.errors import BadInput
from app.live.clip_command import Percent, parse_marks
from app.live.exporting import ENTRIES_MAX, SUFFIXES, Export, ExportWish
from app.net.address import parse_relay_address
from app.net.control_client import open_control
from wire import command_base, event_base, limits, replay_commands, replay_events
from wire.ids import ReplayId

if TYPE_CHECKING:
    from app.danmaku.lanes import Text
    from app.live.exporting import ExportKind
    from app.media.clipping.overlay import Pixels
    from app.net.control_client import ControlClient

_Answer = TypeVar("_Answer", bound=event_base.Answer)
KINDS: Final[dict[str, ExportKind]] = {suffix: kind for kind, suffix in SUFFIXES.items()}


def export_replay(
    relay: str,
    replay_id: str,
    target: Path,
    *,
    from_words: str = "0",
    to_words: str = "",
    is_exact: bool = False,
    pin: str | None = None,
) -> str:
    """A line that says what was saved. Raises LivehouseError."""
    kind = KINDS.get(target.suffix.lower())
    if kind is None:
        raise BadInput(f"{target.name}: choose an ending of {', '.join(KINDS)}")
    if not 1 <= len(replay_id) <= limits.ID_CHARACTERS_MAX:
        raise BadInput("a recording's id stands in its link")
    wish = ExportWish(kind, target, parse_marks(from_words, to_words), is_exact=is_exact)
    return asyncio.run(_export(relay, pin, ReplayId(replay_id), wish))


async def _export(relay: str, pin: str | None, replay_id: ReplayId, wish: ExportWish) -> str:
    async with open_control(parse_relay_address(relay, pin=pin)) as client:
        control = _Control(client, relay, pin)
        opened = await control.request(
            replay_commands.OpenReplay(id=0, replay_id=replay_id), replay_events.ReplayOpened
        )
        export = Export(control, opened.replay, painter=_Estimates(), on_progress=Percent())
        made = await export.run(wish)
    lines = f", {made.lines} lines" if wish.kind != "video" else ""
    cut = f"; more than {ENTRIES_MAX} entries: the last are not in it" if made.is_cut else ""
    return f"{made.path}: {made.size_bytes / 1e6:.1f} MB{lines}{cut}\n"


class _Control:
    """One link, as a House is one."""

    def __init__(self, client: ControlClient, relay: str, pin: str | None) -> None:
        self._client = client
        self._relay = relay
        self._pin = pin

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer:
        numbered = msgspec.structs.replace(command, id=self._client.next_id())
        return await self._client.request(numbered, answer)

    def relay_settings(self) -> tuple[str, str | None]:
        return self._relay, self._pin


class _Estimates:
    """Widths without a font. Nothing is painted without a window."""

    def measure(self, texts: Sequence[tuple[str, float]]) -> list[float]:
        return [estimate_width(words, font) for words, font in texts]

    def paint(self, text: Text, font: float) -> Pixels:
        raise BadInput(f"{text.text!r} at {font:g} cannot be painted without a window")

    def paint_count(self, count: int, font: float) -> Pixels:
        raise BadInput(f"×{count} at {font:g} cannot be painted without a window")
