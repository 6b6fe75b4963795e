"""Each cover is asked for once."""

from __future__ import annotations

import pytest

from app.live import cover_round, thumbnail_round
from app.live.cover_round import CoverRound
from wire.covers import make_cover_id

pytestmark = pytest.mark.asyncio

HALL, ATTIC = (make_cover_id(name) for name in (b"hall", b"attic"))


class Relay:
    def relay_settings(self) -> tuple[str, str | None]:
        return "ws://127.0.0.1:1", None


async def test_covers_when_they_came_then_are_not_asked_for_again_and_others_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    async def fetch(_address: object, folder: str, name: str) -> bytes | None:
        asked.append(f"{folder}/{name}")
        return b"picture" if name == HALL else None

    monkeypatch.setattr(thumbnail_round, "fetch_picture", fetch)
    covers = CoverRound()
    shown = [HALL, ATTIC, HALL, "../../etc"]
    came: list[tuple[str, bytes]] = []

    def on_cover(cover: str, picture: bytes) -> None:
        came.append((cover, picture))

    await covers.fetch(Relay(), shown, on_cover)
    assert came == [(HALL, b"picture")]
    assert sorted(asked) == sorted([f"covers/{HALL}", f"covers/{ATTIC}"])
    await covers.fetch(Relay(), shown, on_cover)
    assert (len(asked), len(came)) == (2, 1)
    asked.clear()
    monkeypatch.setattr(cover_round, "AGAIN_S", 0.0)
    covers = CoverRound()
    for _ in range(2):
        await covers.fetch(Relay(), shown, on_cover)
    assert sorted(asked) == sorted([f"covers/{HALL}", f"covers/{ATTIC}", f"covers/{ATTIC}"])
