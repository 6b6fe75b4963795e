"""The book of acts as a file: CSV for a spreadsheet, JSON for a program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import msgspec

from app.state.spreadsheet import write_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from wire.order_events import ActInfo

COLUMNS: Final = (
    "act_id",
    "at",
    "action",
    "actor",
    "role",
    "room_id",
    "user",
    "target",
    "reason",
    "detail",
    "undone_at",
    "undone_by",
)


def write_csv(
    acts: Iterable[ActInfo], write_time: Callable[[int], str], say_reason: Callable[[str], str]
) -> str:
    """With a heading. What a spreadsheet would take for a formula gets a quote before it."""
    return write_table(
        COLUMNS,
        [
            (
                act.act_id,
                write_time(act.at_unix_ms),
                act.action,
                act.actor.name if act.actor else "",
                act.role,
                act.room_id or "",
                act.user.name if act.user else "",
                " ".join(part for part in (act.target_kind, act.target_id) if part),
                say_reason(act.reason),
                act.detail.text if act.detail else "",
                write_time(act.undone_at_unix_ms) if act.undone_at_unix_ms else "",
                act.undone_by.name if act.undone_by else "",
            )
            for act in acts
        ],
    )


def write_json(acts: Iterable[ActInfo]) -> str:
    """An array of acts as the wire has them."""
    return msgspec.json.format(msgspec.json.encode(tuple(acts)), indent=2).decode() + "\n"
