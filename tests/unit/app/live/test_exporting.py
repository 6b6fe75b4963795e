from __future__ import annotations

import csv
import json
import threading
from pathlib import Path

import pytest

from app.danmaku.bilibili_xml import parse_xml
from app.danmaku.choices import DanmakuSettings
from app.danmaku.lanes import Mode
from app.errors import MediaFailed
from app.live import exporting
from app.live.exporting import Export, ExportCancelled, ExportKind, ExportWish, to_sayings
from app.media.clipping.recording import Marks
from tests.unit.app.live.replay_parts import ROOM, PagedRelay, PlainPainter, a_replay, given, said
from tests.unit.app.media.clipping.recordings import read_pictures, read_times, write_recording
from wire import coin_events, events
from wire.ids import PacketId, UserId

ENTRIES = (
    said(100, "first"),
    given(300, "rose", 3, 30),
    said(500, "=1+1", color=0xFF0000, mode=5, size="large"),
    said(900, "a < b", role="streamer"),
    said(1200, "last", mode=4),
)


def an_export(source: Path, relay: PagedRelay | None = None) -> Export:
    return Export(relay or PagedRelay(ENTRIES), a_replay(), source, painter=PlainPainter())


async def write(folder: Path, kind: ExportKind) -> str:
    path = folder / f"out.{kind}"
    relay = PagedRelay(ENTRIES)
    made = await an_export(folder / "unused.mp4", relay).run(ExportWish(kind, path))
    assert relay.asked == 3
    assert made.size_bytes == path.stat().st_size
    assert made.lines == {"xml": 4, "ass": 4, "csv": 5, "json": 5}[kind]
    return path.read_bytes().decode()


async def test_xml_when_exported_then_all_that_was_said_is_in_it(tmp_path: Path) -> None:
    words = await write(tmp_path, "xml")
    read = parse_xml(words.encode()).sayings
    assert [(one.at_ms, one.text) for one in read] == [
        (100, "first"),
        (500, "=1+1"),
        (900, "a < b"),
        (1200, "last"),
    ]
    assert read[1].mode is Mode.TOP
    assert read[1].scale == pytest.approx(36 / 25)
    assert "Bob" not in words
    assert "u-2" not in words


@pytest.mark.parametrize(("most", "is_cut"), [(4, True), (5, False)])
async def test_export_when_there_is_more_than_it_takes_then_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, is_cut: bool
) -> None:
    monkeypatch.setattr(exporting, "ENTRIES_MAX", most)
    made = await an_export(tmp_path / "unused.mp4").run(ExportWish("csv", tmp_path / "out.csv"))
    assert (made.lines, made.is_cut) == (most, is_cut)


async def test_ass_when_exported_then_it_is_for_the_recordings_size(tmp_path: Path) -> None:
    words = await write(tmp_path, "ass")
    assert "PlayResX: 320\r\nPlayResY: 180" in words
    assert words.count("Dialogue:") == 4


async def test_csv_when_exported_then_no_cell_is_a_formula(tmp_path: Path) -> None:
    words = await write(tmp_path, "csv")
    rows = list(csv.DictReader(words.removeprefix("\ufeff").splitlines()))
    assert [row["kind"] for row in rows] == ["danmaku", "gift", "danmaku", "danmaku", "danmaku"]
    assert rows[2]["text"] == "'=1+1"
    assert rows[1]["name"] == "'=Carol"
    assert (rows[1]["gift_id"], rows[1]["count"], rows[1]["coins"]) == ("rose", "3", "30")
    assert rows[0]["moment"] == "0:00:00.100"
    assert rows[0]["sent_at"] == "2023-11-14 22:13:20"


@pytest.mark.parametrize("kind", ["csv", "json"])
async def test_rows_when_there_are_red_packets_too_then_all_are_counted(
    tmp_path: Path, kind: ExportKind
) -> None:
    packet = coin_events.RedPacketOpened(
        room_id=ROOM,
        packet_id=PacketId("p-1"),
        user_id=UserId("u-3"),
        name="Carol",
        coins=40,
        shares=4,
    )
    relay = PagedRelay((*ENTRIES, events.TimelineEntry(at_ms=1300, event=packet)))
    path = tmp_path / f"out.{kind}"
    made = await an_export(tmp_path / "unused.mp4", relay).run(ExportWish(kind, path))
    words = path.read_text(encoding="utf-8-sig")
    rows = json.loads(words) if kind == "json" else list(csv.DictReader(words.splitlines()))
    assert made.lines == len(rows) == len(ENTRIES) + 1


async def test_json_when_exported_then_it_is_as_the_wire_has_it(tmp_path: Path) -> None:
    entries = json.loads(await write(tmp_path, "json"))
    assert [entry["at_ms"] for entry in entries] == [100, 300, 500, 900, 1200]
    assert entries[1]["event"]["gift_id"] == "rose"


async def test_clip_when_copied_then_no_timeline_is_read(tmp_path: Path) -> None:
    relay = PagedRelay(ENTRIES)
    source = write_recording(tmp_path)
    wish = ExportWish("video", tmp_path / "clip.mp4", Marks(1000, 2000))
    made = await an_export(source, relay).run(wish)
    assert relay.asked == 0
    assert made.clip is not None
    assert made.clip.from_ms == 960


async def test_clip_when_danmaku_are_painted_then_they_are_where_the_stage_has_them(
    tmp_path: Path,
) -> None:
    source = write_recording(tmp_path)
    painter = PlainPainter()
    shares: list[float] = []
    export = Export(
        PagedRelay([said(0, "xxxxxxxxxx", mode=5)]),
        a_replay(),
        source,
        painter=painter,
        on_progress=shares.append,
    )
    settings = DanmakuSettings(opacity=1.0)
    wish = ExportWish(
        "video", tmp_path / "c.mp4", Marks(400, 1200), has_danmaku=True, settings=settings
    )
    await export.run(wish)
    font = 12.0
    width = 10 * font * 0.6
    left = round((320 - width) / 2)
    for picture in read_pictures(tmp_path / "c.mp4"):
        assert picture[3:15, left + 3 : left + round(width) - 3].min() > 215
    assert painter.painted == ["xxxxxxxxxx"]
    assert threading.get_ident() not in painter.threads
    assert len(read_times(tmp_path / "c.mp4")[0]) == 20
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


async def test_export_when_cancelled_then_nothing_is_written(tmp_path: Path) -> None:
    source = write_recording(tmp_path)
    for kind, suffix in (("video", "mp4"), ("xml", "xml")):
        export = an_export(source)
        export.cancel()
        with pytest.raises(ExportCancelled):
            await export.run(ExportWish(kind, tmp_path / f"out.{suffix}"))  # type: ignore[arg-type] # the two kinds above
    assert [path.name for path in tmp_path.iterdir()] == ["recording.mp4"]


async def test_export_when_it_cannot_be_written_then_it_is_said(tmp_path: Path) -> None:
    wish = ExportWish("xml", tmp_path / "nowhere" / "out.xml")
    with pytest.raises(MediaFailed, match="cannot write"):
        await an_export(tmp_path / "unused.mp4").run(wish)


def test_sayings_when_made_then_empty_ones_and_other_events_are_left_out() -> None:
    sayings = to_sayings([*ENTRIES, said(2000, "\u0000")])
    assert [one.text for one in sayings] == ["first", "=1+1", "a < b", "last"]
    assert [one.is_privileged for one in sayings] == [False, False, True, False]
