"""The scene of Studio on disk."""

from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest

from app.live.scene_file import SceneFile
from app.live.vault import Vault
from app.state.studio import StudioState
from app.state.studio_scene import StudioItem

if TYPE_CHECKING:
    from pathlib import Path

CARD = StudioItem("a", "testcard", "", address="testcard")
STREAM = StudioItem("b", "url", "host", address="url:rtsp://me:secret@host/live")


def keep(file: SceneFile, *items: StudioItem) -> None:
    file.write(file.note(StudioState(items=items)))


def test_file_when_written_then_the_next_start_has_the_scene_and_its_streams(
    tmp_path: Path,
) -> None:
    path, vault = tmp_path / "studio.json", Vault(tmp_path, uses_keyring=False)
    first = SceneFile(path, vault)
    assert first.scene is None
    keep(first, CARD, STREAM)
    assert b"secret" not in path.read_bytes()
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    second = SceneFile(path, Vault(tmp_path, uses_keyring=False))
    assert second.scene is not None
    (name,) = (item.stream for item in second.scene.items if item.kind == "url")
    assert second.find_addresses() == {name: STREAM.address}
    keep(second, CARD, STREAM)
    assert second.scene == first.scene
    keep(second, CARD)
    assert vault.find_addresses().addresses == {}


@pytest.mark.parametrize("content", [b"{", b'{"version":99}', b""])
def test_file_when_it_cannot_be_read_then_it_is_put_aside_and_studio_begins_as_new(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "studio.json"
    path.write_bytes(content)
    assert SceneFile(path).scene is None
    assert not path.exists()
    assert (tmp_path / "studio.unread").read_bytes() == content


def test_file_when_the_folder_takes_nothing_then_studio_goes_on(tmp_path: Path) -> None:
    (tmp_path / "studio.json").mkdir()
    (tmp_path / "taken").write_bytes(b"")
    assert SceneFile(tmp_path / "studio.json").scene is None
    file = SceneFile(tmp_path / "taken" / "studio.json")
    keep(file, CARD)
    assert SceneFile(None).scene is None
