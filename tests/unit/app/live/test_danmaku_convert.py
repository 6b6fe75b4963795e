from __future__ import annotations

from pathlib import Path

import pytest

from app.danmaku.bilibili_xml import parse_xml, write_xml
from app.danmaku.lanes import Mode
from app.danmaku.saying import Saying
from app.errors import BadInput, MediaFailed
from app.live.danmaku_convert import convert

SAYINGS = [
    Saying(1000, "滚动", color=0xFF0000),
    Saying(1500, "top {\\pos}", Mode.TOP),
    Saying(2000, "bottom", Mode.BOTTOM),
]


def a_source(folder: Path) -> Path:
    path = folder / "old.xml"
    extra = '<d p="1,8,25,1,0,0,x,9">a script</d></i>'
    path.write_text(write_xml(SAYINGS, salt=b"s").replace("</i>", extra), "utf-8")
    return path


def test_xml_when_converted_to_ass_then_it_fits_the_video(tmp_path: Path) -> None:
    target = tmp_path / "new.ass"
    words = convert(a_source(tmp_path), target, width=1920, height=1080)
    assert words == f"{target}: 3 danmaku, 1 left out\n"
    written = target.read_bytes().decode()
    assert "PlayResX: 1920" in written
    assert written.count("Dialogue:") == 3
    assert "a script" not in written


def test_xml_when_converted_to_xml_then_the_authors_are_hashed_anew(tmp_path: Path) -> None:
    source, target = a_source(tmp_path), tmp_path / "new.xml"
    convert(source, target)
    old, new = parse_xml(source.read_bytes()).sayings, parse_xml(target.read_bytes()).sayings
    assert [one.text for one in new] == [one.text for one in old]
    assert {one.author for one in new}.isdisjoint({one.author for one in old})


def test_convert_when_it_cannot_then_it_says_why(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    with pytest.raises(BadInput, match="choose an ending"):
        convert(source, tmp_path / "new.srt")
    with pytest.raises(BadInput, match="cannot read"):
        convert(tmp_path / "none.xml", tmp_path / "new.ass")
    with pytest.raises(BadInput, match="pixels"):
        convert(source, tmp_path / "new.ass", width=0)
    with pytest.raises(MediaFailed, match="cannot write"):
        convert(source, tmp_path / "nowhere" / "new.ass")
