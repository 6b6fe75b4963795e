"""What the documents promise: links lead somewhere, and the commands in them exist."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, name_of, text_files

DOCUMENTS = [path for path in text_files() if path.suffix == ".md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PROGRAMS = {"livehouse": "app", "livehouse-relay": "server"}


def in_plain_words(document: Path) -> str:
    """The text without code, where brackets and hashes mean something else."""
    text = document.read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def links(document: Path) -> Iterator[str]:
    for target in LINK.findall(in_plain_words(document)):
        if not re.match(r"[a-z]+:", target):
            yield target


@cache
def anchors(document: Path) -> frozenset[str]:
    """The names that GitHub and its like give to headings."""
    text = document.read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    words = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return frozenset(word.replace(" ", "-") for word in words)


def commands(document: Path) -> Iterator[list[str]]:
    """Our own command lines in indented or fenced blocks, without comments and explanations."""
    for line in document.read_text(encoding="utf-8").splitlines():
        found = re.match(r" {4,}((?:livehouse|livehouse-relay|python3 dev\.py)(?: .*)?)$", line)
        if found:
            yield shlex.split(re.split(r"\s{3,}|\s#", found[1])[0])


COMMANDS = [
    pytest.param(words, id=f"{name_of(document)}: {' '.join(words)}")
    for document in DOCUMENTS
    for words in commands(document)
]


@cache
def help_of(module: str, *subcommands: str) -> str:
    """What `--help` says; fails when there is no such command."""
    done = subprocess.run(
        [sys.executable, "-m", module, *subcommands, "--help"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "200", "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, f"{module} {' '.join(subcommands)}: {done.stderr}"
    return done.stdout


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_when_followed_then_lead_to_a_file_and_a_heading(document: Path) -> None:
    broken = []
    for target in links(document):
        place, _, anchor = target.partition("#")
        path = (document.parent / place).resolve() if place else document
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_document_when_read_then_is_reached_from_the_readme(document: Path) -> None:
    """A document that nothing leads to is a document that nobody reads."""
    reached = {ROOT / "README.md"}
    waiting = [ROOT / "README.md"]
    while waiting:
        here = waiting.pop()
        places = {(here.parent / target.partition("#")[0]).resolve() for target in links(here)}
        folders = {path for place in places if place.is_dir() for path in place.glob("*.md")}
        fresh = {path for path in places | folders if path.suffix == ".md"} - reached
        reached |= fresh
        waiting += fresh
    assert document in reached


@pytest.mark.parametrize("words", COMMANDS)
def test_command_when_a_document_names_it_then_it_exists_with_its_options(words: list[str]) -> None:
    if words[:2] == ["python3", "dev.py"]:
        assert words[2] in help_of("dev")
        return
    program, arguments = words[0], words[1:]
    subcommands = []
    for word in arguments:
        if word.startswith("-"):
            break
        if not re.search(
            rf"^│ {re.escape(word)} ", help_of(PROGRAMS[program], *subcommands), re.MULTILINE
        ):
            break
        subcommands.append(word)
    # `livehouse` alone opens the window; a first word that is no option must be a command.
    is_bare = not arguments or arguments[0].startswith("-")
    assert subcommands or is_bare, f"{program} has no command {arguments[:1]}"
    options = {word for word in arguments if word.startswith("--")}
    known = set(re.findall(r"--[a-z-]+", help_of(PROGRAMS[program], *subcommands)))
    assert options <= known


def test_readme_when_read_then_begins_with_the_two_commands() -> None:
    named = [" ".join(words) for words in commands(ROOT / "README.md")]
    assert named[:2] == ["python3 dev.py run", "python3 dev.py test"]
    assert [" ".join(words) for words in commands(ROOT / "README.zh.md")][:2] == named[:2]
