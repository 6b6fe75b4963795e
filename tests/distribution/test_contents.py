"""What is left out of the packaged folder, by examples that were there."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from distribution import licences
from distribution.audit import ACCEPTED
from distribution.contents import DATA_FOLDERS, is_wanted
from distribution.versions import VERSION, windows_version_file

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("cv2/qt/plugins/platforms/libqxcb.so", False),
        ("cv2/cv2.abi3.so", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", True),
        ("PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so", False),
        ("PySide6/Qt/plugins/iconengines/libqsvgicon.so", True),
        ("PySide6\\Qt\\plugins\\qmltooling\\qmldbg_debugger.dll", False),
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_zh_TW.qm", False),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt/translations/qtbase_en.qm", True),
        ("libQt6Quick.so.6", False),
        ("libQt6Widgets.so.6", True),
        ("resources/icons/gift.svg", True),
    ],
)
def test_place_when_asked_then_wanted_or_not(place: str, *, wanted: bool) -> None:
    assert is_wanted(place) is wanted


def test_folders_when_listed_then_they_exist() -> None:
    assert [folder for folder in DATA_FOLDERS if not (PROJECT / folder).is_dir()] == []


def test_containerfile_when_it_copies_then_from_what_exists() -> None:
    text = (PROJECT / "distribution" / "relay" / "Containerfile").read_text(encoding="utf-8")
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY ")]
    assert copied
    assert [name for names in copied for name in names if not (PROJECT / name).exists()] == []


def test_versions_when_written_for_windows_then_the_projects() -> None:
    assert f"StringStruct('FileVersion', '{VERSION}')" in windows_version_file("a", "b")


def test_findings_when_accepted_then_each_says_why_and_until_when() -> None:
    accepted = tomllib.loads(ACCEPTED.read_text(encoding="utf-8")).get("accepted", [])
    assert [one for one in accepted if set(one) != {"id", "package", "why", "until"}] == []


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11) or sys.platform != "linux",
    reason="the page is made on Linux with Python 3.11: other systems need other packages",
)
def test_licences_when_rendered_then_the_page_is_true() -> None:
    assert licences.PAGE.read_text(encoding="utf-8") == licences.render()
