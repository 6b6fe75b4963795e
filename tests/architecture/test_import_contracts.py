"""Each contract in pyproject.toml bites: a small tree with one wrong import must break it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]

SKELETON = [
    "app/__main__.py",
    "app/compose.py",
    "app/errors.py",
    "app/settings.py",
    "app/danmaku/lanes.py",
    "app/live/watching.py",
    "app/media/playback/jitter_buffer.py",
    "app/net/relay_client.py",
    "app/state/room.py",
    "app/ui/stage.py",
    "server/__main__.py",
    "server/compose.py",
    "server/errors.py",
    "server/settings.py",
    "server/accounts/rules.py",
    "server/accounts/service.py",
    "server/accounts/tables.py",
    "server/chat/rules.py",
    "server/chat/service.py",
    "server/gateway/listener.py",
    "server/relay/fanout.py",
    "server/store/engine.py",
    "wire/commands.py",
    "wire/errors.py",
]
ALLOWED = {
    "app/__main__.py": "import app.compose",
    "app/compose.py": "import PySide6.QtCore\nimport app.ui.stage",
    "app/ui/stage.py": "import PySide6.QtGui\nimport app.live.watching",
    "app/live/watching.py": "import app.net.relay_client\nimport app.media.playback.jitter_buffer",
    "app/net/relay_client.py": "import asyncio\nimport websockets\nimport wire.commands",
    "app/media/playback/jitter_buffer.py": "import heapq\nimport app.settings",
    "app/settings.py": "import app.errors",
    "server/compose.py": "import server.gateway.listener\nimport server.accounts.tables",
    "server/gateway/listener.py": "import websockets\nimport server.chat.service",
    "server/chat/service.py": "import sqlmodel\nimport server.accounts.service",
    "server/accounts/service.py": "import server.accounts.tables\nimport server.accounts.rules",
    "server/accounts/tables.py": "import sqlmodel",
    "server/store/engine.py": "import sqlalchemy\nimport alembic",
    "wire/commands.py": "import msgspec\nimport wire.errors",
}
WRONG = [
    ("app-layers", "app/net/relay_client.py", "import app.ui.stage"),
    ("app-layers", "app/live/watching.py", "import app.compose"),
    ("app-layers", "app/media/capture.py", "import app.net.relay_client"),
    ("app-layers", "app/errors.py", "import app.settings"),
    ("app-layers", "app/utils.py", ""),
    ("server-layers", "server/chat/service.py", "import server.gateway.listener"),
    ("server-layers", "server/store/engine.py", "import server.accounts.service"),
    ("server-layers", "server/relay/fanout.py", "import server.store.engine"),
    ("server-layers", "server/helpers.py", ""),
    ("programs-apart", "app/live/watching.py", "import server.settings"),
    ("programs-apart", "server/relay/fanout.py", "import app.settings"),
    ("programs-apart", "wire/errors.py", "import app.errors"),
    ("no-cycles", "server/accounts/service.py", "import server.chat.service"),
    ("wire-closed", "wire/errors.py", "import numpy"),
    ("wire-closed", "wire/errors.py", "import app.errors"),
    ("own-tables", "server/chat/service.py", "import server.accounts.tables"),
    ("own-tables", "server/gateway/listener.py", "from server.accounts.tables import User"),
    ("pure-core", "server/chat/rules.py", "import asyncio"),
    ("pure-core", "server/chat/rules.py", "import server.chat.service"),
    ("pure-core", "app/danmaku/lanes.py", "import time"),
    ("pure-core", "app/media/playback/jitter_buffer.py", "import threading"),
    ("pure-core", "wire/errors.py", "import socket"),
    ("home-of-qt", "app/live/watching.py", "from PySide6 import QtCore"),
    ("home-of-media", "app/live/watching.py", "import av"),
    ("home-of-media", "app/ui/stage.py", "import cv2"),
    ("home-of-sockets", "server/relay/fanout.py", "from websockets.frames import Frame"),
    ("home-of-storage", "server/gateway/listener.py", "from sqlmodel import select"),
    ("home-of-migrations", "server/compose.py", "import alembic.command"),
    ("home-of-models", "server/compose.py", "import sklearn.tree"),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small house that keeps every contract, under this project's own pyproject.toml."""
    for name in SKELETON:
        _write(tmp_path, name, ALLOWED.get(name, ""))
    contracts = "tests/architecture/import_contracts.py"
    _write(tmp_path, contracts, (ROOT / contracts).read_text(encoding="utf-8"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _write(tree: Path, name: str, text: str) -> None:
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in Path(name).parents[:-1]:
        (tree / folder / "__init__.py").touch()
    path.write_text(text + "\n", encoding="utf-8")


def _lint(tree: Path, contract: str = "") -> tuple[int, str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    only = ["--contract", contract] if contract else []
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache", *only],
        cwd=tree,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "PYTHONPATH": str(tree)},
    )
    return done.returncode, done.stdout + done.stderr


def test_contracts_when_the_tree_is_right_then_all_are_kept(tree: Path) -> None:
    code, output = _lint(tree)
    assert (code, f"{len(CONTRACTS)} kept, 0 broken" in output) == (0, True), output


@pytest.mark.parametrize(("contract", "path", "line"), WRONG)
def test_contract_when_an_import_is_wrong_then_is_broken(
    tree: Path, contract: str, path: str, line: str
) -> None:
    _write(tree, path, f"{ALLOWED.get(path, '')}\n{line}")
    code, output = _lint(tree, contract)
    assert (code, "0 kept, 1 broken" in output) == (1, True), output


def test_contracts_when_listed_then_each_has_a_wrong_import_that_breaks_it() -> None:
    assert {contract["id"] for contract in CONTRACTS} == {contract for contract, _, _ in WRONG}
