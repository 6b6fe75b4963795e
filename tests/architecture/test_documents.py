"""What the documents promise: links lead somewhere, and the commands in them exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.exceptions import TyperException
from typer.main import get_command

from app.__main__ import cli as livehouse
from server.__main__ import cli as livehouse_relay
from tests.architecture.tree import ROOT, load_dev, name_of, text_files

if TYPE_CHECKING:
    import argparse

DOCUMENTS = [path for path in text_files() if path.suffix == ".md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PROGRAMS = {"livehouse": livehouse, "livehouse-relay": livehouse_relay}
THIS = str(Path(__file__))
OURS = r"(?:livehouse|livehouse-relay|(?:python3 )?dev\.py)(?: .*)?"


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
        found = re.match(rf"(?: {{4,}}|[^`]*&& )?({OURS})$", line)
        if found:
            yield shlex.split(re.split(r"\s{3,}|\s#|\s(?:&&|\|)\s", found[1])[0])


def mentions(document: Path) -> Iterator[list[str]]:
    """Our own commands within sentences: `livehouse watch --play`, often without what it needs."""
    text = document.read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    for span in re.findall(r"`([^`]+)`", text):
        words = " ".join(span.split())
        if re.fullmatch(OURS, words):
            yield shlex.split(words)


def cases(find: Callable[[Path], Iterator[list[str]]]) -> list[object]:
    """Each command once, under the first document that has it."""
    found = {tuple(words): name_of(one) for one in reversed(DOCUMENTS) for words in find(one)}
    return [
        pytest.param(list(words), id=f"{document}: {' '.join(words)}")
        for words, document in sorted(found.items())
    ]


@cache
def root_command(program: str) -> Any:  # what typer makes of an app has no public type
    return get_command(PROGRAMS[program])


def check_command(words: list[str], *, is_whole: bool) -> None:
    """Parse it as the program would: names, options, values. A whole one lacks nothing."""
    if "dev.py" in words[:2]:
        check_dev(words[words.index("dev.py") + 1 :], is_whole=is_whole)
        return
    program, arguments = words[0], words[1:]
    command, path = root_command(program), [program]
    while arguments and arguments[0] in getattr(command, "commands", {}):
        command = command.commands[arguments[0]]
        path.append(arguments.pop(0))
    is_group = hasattr(command, "commands")
    is_bare = not arguments or arguments[0].startswith("-")
    assert is_bare or not is_group, f"{' '.join(path)} has no command {arguments[:1]}"
    # These act as soon as they are read; that they are there is all there is to know.
    acting = {"--help", "--version", "--install-completion", "--show-completion"} & {*arguments}
    if acting:
        assert acting <= {option for one in command.params for option in one.opts} | {"--help"}
    elif arguments or is_whole:
        parse(command, " ".join(path), arguments, is_whole=is_whole)


def parse(command: Any, path: str, arguments: list[str], *, is_whole: bool) -> None:  # as above
    try:
        # FILE stands for one that exists.
        command.make_context(path, [THIS if re.match("FILE", one) else one for one in arguments])
    except TyperException as error:
        kind = type(error).__name__
        if is_whole or kind not in {"NoArgsIsHelpError", "MissingParameter", "BadOptionUsage"}:
            raise
        if kind == "BadOptionUsage":  # "--push-file" in a sentence, without its value
            parse(command, path, [*arguments, "1"], is_whole=False)


def check_dev(arguments: list[str], *, is_whole: bool) -> None:
    if not arguments:
        return
    options = dev_parser().parse_args(arguments)
    rest = options.arguments
    if options.command in {"run", "demo"}:
        start = ["demo"] if options.command == "demo" else []
        check_command(["livehouse", *start, *rest], is_whole=is_whole)
    elif options.command == "bench" and rest and rest != ["NAME"]:
        source = (ROOT / "benchmarks" / f"{rest[0]}.py").read_text(encoding="utf-8")
        assert [word for word in rest[1:] if word.startswith("--")] == [
            word for word in rest[1:] if f'"{word}"' in source
        ]
    elif options.command == "test":
        places = [word for word in rest if word.startswith("tests")]
        assert [word for word in places if not (ROOT / word.partition("::")[0]).exists()] == []


@cache
def dev_parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = load_dev("dev_of_the_documents").build_parser()
    return parser


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


@pytest.mark.parametrize("words", cases(commands))
def test_command_when_a_document_shows_it_then_the_program_takes_it(words: list[str]) -> None:
    check_command(words, is_whole=True)


@pytest.mark.parametrize("words", cases(mentions))
def test_command_when_a_sentence_names_it_then_the_program_has_it(words: list[str]) -> None:
    check_command(words, is_whole=False)


@pytest.mark.parametrize(
    "words",
    [
        "livehouse sing",
        "livehouse watch --loud",
        "livehouse publish --relay ws://a --room b --source testcard --layers",
        "livehouse watch --room stage",
        "livehouse-relay run --port many",
        "livehouse-relay run --coalesce sometimes",
        "livehouse-relay backup",
        "livehouse-relay ledger sing",
        "python3 dev.py sing",
        "python3 dev.py run --loud",
        "python3 dev.py bench sing",
        "python3 dev.py bench latency --loud",
        "python3 dev.py test tests/nowhere",
    ],
)
def test_command_when_the_program_would_refuse_it_then_found(words: str) -> None:
    with pytest.raises((AssertionError, TyperException, OSError, SystemExit)):
        check_command(words.split(), is_whole=True)


def test_readme_when_read_then_begins_with_the_two_commands() -> None:
    named = [" ".join(words) for words in commands(ROOT / "README.md")]
    assert named[:2] == ["python3 dev.py run", "python3 dev.py test"]
    assert [" ".join(words) for words in commands(ROOT / "README.zh.md")][:2] == named[:2]


def test_readmes_when_read_side_by_side_then_say_the_same() -> None:
    """The same commands in the same order, the same chapters, links to the same documents."""

    def told(document: Path) -> tuple[object, ...]:
        shown = [[word for word in words if "." not in word] for words in commands(document)]
        text = document.read_text(encoding="utf-8")
        pages = {one for one in links(document) if not one.endswith(".png")}
        return (
            shown,
            len(re.findall("^## ", text, re.MULTILINE)),
            pages - {"README.md", "README.zh.md"},
        )

    assert told(ROOT / "README.zh.md") == told(ROOT / "README.md")


def table_rows(chapter: str) -> list[list[str]]:
    """Of the chapter's table in docs/benchmarks.md, without its head."""
    text = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    body = text.partition(f"## {chapter}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in body.splitlines() if line.startswith("|")]
    return rows[2:]


def test_figure_when_measured_then_its_command_and_its_day_stand_beside_it() -> None:
    for figure, *_result, command, day in table_rows("Measured"):
        check_dev(["bench", *command.strip("`").split()], is_whole=True)
        assert re.fullmatch(r"20\d\d-\d\d-\d\d( \*)?", day), figure


def test_figure_when_promised_then_a_bench_that_exists_measures_it() -> None:
    for _figure, _bound, command in table_rows("What is promised"):
        check_dev(["bench", *command.strip("`").split()], is_whole=True)


def test_bench_when_there_is_one_then_the_documents_name_it() -> None:
    benches = {path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py")}
    shown = {words[3] for words in commands(ROOT / "docs" / "benchmarks.md") if len(words) > 3}
    assert benches == shown


@pytest.mark.parametrize("program", ["app", "server"])
def test_folder_when_a_program_has_it_then_the_architecture_names_it(program: str) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(rf"^\| `{program}/([^`]+)` \|", text, re.MULTILINE)
    folders = {path.parent.name for path in (ROOT / program).glob("*/__init__.py")}
    spoken_of = {one.strip("/") for row in named for one in row.split()}
    assert folders <= spoken_of
