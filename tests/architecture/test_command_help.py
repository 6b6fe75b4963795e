"""`--help` of every command of both programs, read by somebody picky at 80 columns."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from app.__main__ import cli as livehouse
from app.errors import ExitCode
from server.__main__ import cli as livehouse_relay
from tests.architecture.test_documents import check_command
from tests.architecture.tree import ROOT

if TYPE_CHECKING:
    from typer import Typer

PROGRAMS = {"livehouse": livehouse, "livehouse-relay": livehouse_relay}
COLUMNS = 80


def walk(command: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    """The command and those below it; what typer makes of an app has no public type."""
    below = getattr(command, "commands", {})
    found = [(path, command)]
    for name, one in below.items():
        if not one.hidden:
            found += walk(one, (*path, name))
    return found


COMMANDS = [
    pytest.param(app, path, command, id=" ".join(path))
    for name, app in PROGRAMS.items()
    for path, command in walk(get_command(app), (name,))
]


@pytest.mark.parametrize(("app", "path", "command"), COMMANDS)
def test_help_when_read_at_80_columns_then_whole_sentences_and_nothing_cut(
    app: Typer, path: tuple[str, ...], command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    done = CliRunner().invoke(app, [*path[1:], "--help"], prog_name=path[0])
    assert done.exit_code == 0
    assert [line for line in done.output.splitlines() if len(line) > COLUMNS] == []
    assert not re.search(r"^  \S+ .*\w\.\.\.$|…", done.output, re.MULTILINE), "cut short"
    for parameter in (one for one in command.params if not getattr(one, "hidden", False)):
        words = getattr(parameter, "help", None)
        assert words, f"{parameter.name} is not explained"
        assert words.endswith((".", "...")), words


@pytest.mark.parametrize(("app", "path", "command"), COMMANDS)
def test_help_when_it_has_examples_then_the_program_takes_them(
    app: Typer, path: tuple[str, ...], command: Any
) -> None:
    text = (command.epilog or "").replace("\\\n", " ")
    for line in re.findall(r"^ +(livehouse.*)$", text, re.MULTILINE):
        check_command(shlex.split(line), is_whole=True)
        assert shlex.split(line)[: len(path)] == list(path)


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_exit_codes_when_documented_then_those_of_the_programs(readme: str) -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / readme).read_text(encoding="utf-8").splitlines()
        if re.match(r"\| \d+ \|", line)
    ]
    for column, program in enumerate(PROGRAMS, start=1):
        epilog = get_command(PROGRAMS[program]).epilog
        assert epilog is not None
        told = re.findall(r"^  (\d+) ", epilog, re.MULTILINE)
        assert [row[0] for row in rows if row[column]] == told
    assert {int(row[0]) for row in rows} == {*ExitCode, 130}
