"""The scene of Studio in a small file, and the addresses of its streams among the secrets."""

from __future__ import annotations

import logging
import os
import secrets
from typing import TYPE_CHECKING, Final

import msgspec

from app.live.vault import StoredAddresses
from app.state.studio_saved import BYTES_MAX, SavedScene, SceneUnread, parse_scene, save_scene

if TYPE_CHECKING:
    from pathlib import Path

    from app.live.vault import Vault
    from app.state.studio import StudioState

_NAME_BYTES: Final = 6
_log: Final = logging.getLogger(__name__)


class SceneFile:
    """Read once when it is made; `write` blocks and belongs on a worker thread, one at a time.

    A file that cannot be read is put aside and told in the log: Studio begins as new.
    """

    def __init__(self, path: Path | None, vault: Vault | None = None) -> None:
        """Without a path nothing is kept, without a vault no stream."""
        self._path = path
        self._vault = vault
        self._names: dict[str, str] = {}
        """Of the streams, by address."""
        self.scene = None if path is None else _read(path)

    def find_addresses(self) -> dict[str, str]:
        """Of the scene's streams, by name. Blocks: a keyring may ask."""
        if self._vault is None or self.scene is None:
            return {}
        if not any(item.kind == "url" for item in self.scene.items):
            return {}
        addresses = self._vault.find_addresses().addresses
        self._names = {address: name for name, address in addresses.items()}
        return addresses

    def note(self, state: StudioState) -> SavedScene:
        """What is worth keeping of a state."""
        return save_scene(state, self._name)

    def write(self, scene: SavedScene) -> None:
        """Addresses first: the scene names them."""
        before, self.scene = self.scene, scene
        path = self._path
        if path is None:
            return
        try:
            self._save_addresses(_streams_of(scene), _streams_of(before))
            path.parent.mkdir(parents=True, exist_ok=True)
            spare = path.with_suffix(".new")
            spare.unlink(missing_ok=True)
            descriptor = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(scene)))
            spare.replace(path)
        except OSError as error:
            _log.warning("the scene cannot be kept: %s", error)

    def _save_addresses(self, wanted: set[str], before: set[str]) -> None:
        if self._vault is not None and wanted != before:
            kept = {name: at for at, name in self._names.items() if name in wanted}
            self._vault.save_addresses(StoredAddresses(addresses=kept))

    def _name(self, address: str) -> str:
        if self._vault is None:
            return ""
        return self._names.setdefault(address, secrets.token_hex(_NAME_BYTES))


def _streams_of(scene: SavedScene | None) -> set[str]:
    return {item.stream for item in scene.items if item.stream} if scene is not None else set()


def _read(path: Path) -> SavedScene | None:
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)
        return parse_scene(content)
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.warning("the scene cannot be read, Studio begins as new: %s", error)
        return None
    except SceneUnread as error:
        aside = path.with_suffix(".unread")
        _log.warning("the scene is put aside as %s, Studio begins as new: %s", aside.name, error)
        try:
            path.replace(aside)
        except OSError as failure:
            _log.warning("it cannot be put aside: %s", failure)
        return None
