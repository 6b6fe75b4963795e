"""The project's own files, for tests that walk the tree."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("app", "server", "wire")
PYTHON_FOLDERS = (*PROGRAMS, "benchmarks", "tests")
_MADE_BY_TOOLS = {".git", ".hypothesis", ".venv", "__pycache__", "build", "dist"}


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    if folders == PYTHON_FOLDERS:
        found += ROOT.glob("*.py")
    return tuple(sorted(found))


@cache
def text_files() -> tuple[Path, ...]:
    """Every file of the project that is UTF-8 text, caches and the environment left out."""
    return tuple(
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file()
        and not any(
            part in _MADE_BY_TOOLS or part.endswith("_cache")
            for part in path.relative_to(ROOT).parts
        )
        and _is_text(path)
    )


def load_dev(name: str) -> ModuleType:
    """dev.py as a new module, which is called so."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4096)
    return b"\0" not in start


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
