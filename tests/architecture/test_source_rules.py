"""Rules of our own that no linter has, each with its remedy in the message."""

import ast
import re
import tokenize
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.tree import (
    PROGRAMS,
    PYTHON_FOLDERS,
    ROOT,
    name_of,
    python_files,
    text_files,
)

Finding = tuple[int, str]
"""Line and what to do about it."""

_REASON = r"[\s#:(–—-]+\w+\W+\w+"
_NOQA = re.compile(r"#\s*noqa\b(?!:\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*" + _REASON + ")")
_TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore\b(?!\[[\w\s,-]+\]" + _REASON + ")")
_WHOLE_FILE = re.compile(r"#\s*(ruff:\s*noqa|flake8:|mypy:\s*(ignore|disable))")

_QUEUES = {
    f"{module}.{name}"
    for module in ("asyncio", "queue", "multiprocessing")
    for name in ("Queue", "LifoQueue", "PriorityQueue", "JoinableQueue")
}
_ENDLESS_QUEUES = {"queue.SimpleQueue", "multiprocessing.SimpleQueue"}


def comments_without_reason(path: Path) -> Iterator[Finding]:
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type != tokenize.COMMENT:
                continue
            if _WHOLE_FILE.search(token.string):
                yield token.start[0], "mend the lines, or silence each with its reason"
            elif _NOQA.search(token.string):
                yield token.start[0], "write `# noqa: CODE - why it is right here`"
            elif _TYPE_IGNORE.search(token.string):
                yield token.start[0], "write `# type: ignore[code]  # why it is right here`"


def unbounded_queues(path: Path) -> Iterator[Finding]:
    for call, called in _calls(path):
        if called in _ENDLESS_QUEUES or (called in _QUEUES and not _has_size(call)):
            yield call.lineno, f"{called}(maxsize=...) and a written rule for what to drop"


def standard_json_readers(path: Path) -> Iterator[Finding]:
    for call, called in _calls(path):
        if called in {"json.load", "json.loads"}:
            yield (
                call.lineno,
                "msgspec.json.decode: json takes NaN, true as 1, huge ints, lone surrogates",
            )


@cache
def _calls(path: Path) -> list[tuple[ast.Call, str]]:
    """Every call of a file with the full name of what is called."""
    tree = ast.parse(path.read_bytes())
    names = _imported_names(tree)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [(call, _full_name(call.func, names)) for call in calls]


def _imported_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name of a module stands for in full."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return names


def _full_name(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Subscript):  # asyncio.Queue[int](...)
        return _full_name(node.value, names)
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_full_name(node.value, names)}.{node.attr}"
    return ""


def _has_size(call: ast.Call) -> bool:
    sizes = [keyword.value for keyword in call.keywords if keyword.arg == "maxsize"]
    sizes += call.args[:1]
    if not sizes:
        return False
    size = sizes[0]
    is_endless = isinstance(size, ast.Constant) and size.value in {0, None}
    return not is_endless and not isinstance(size, ast.UnaryOp)


RULES: list[tuple[Callable[[Path], Iterator[Finding]], tuple[str, ...]]] = [
    (comments_without_reason, PYTHON_FOLDERS),
    (unbounded_queues, PROGRAMS),
    (standard_json_readers, PROGRAMS),
]


@pytest.mark.parametrize(
    ("rule", "folders"), RULES, ids=lambda value: getattr(value, "__name__", "")
)
def test_source_when_walked_then_keeps_the_rule(
    rule: Callable[[Path], Iterator[Finding]], folders: tuple[str, ...]
) -> None:
    findings = [
        f"{name_of(path)}:{line}: {remedy}"
        for path in python_files(*folders)
        for line, remedy in rule(path)
    ]
    assert findings == []


@pytest.mark.parametrize(
    ("rule", "source", "lines"),
    [
        (comments_without_reason, "x = 1  # no" + "qa\n", [1]),
        (comments_without_reason, "x = 1  # no" + "qa: S105\n", [1]),
        (comments_without_reason, "x = 1  # no" + "qa: S105, S106 - because\n", [1]),
        (comments_without_reason, "x = 1  # no" + "qa: S105, S106 - not a secret\n", []),
        (comments_without_reason, "x = 1  # no" + "qa: S105 # an error's code\n", []),
        (comments_without_reason, "x = 1  # type: " + "ignore\n", [1]),
        (comments_without_reason, "x = 1  # type: " + "ignore[misc]\n", [1]),
        (comments_without_reason, "x = 1  # type: " + "ignore[misc]  # has no types\n", []),
        (comments_without_reason, "# ruff: " + "noqa: S101 - for all of it\n", [1]),
        (unbounded_queues, "import asyncio\nasyncio.Queue()\n", [2]),
        (unbounded_queues, "import asyncio\nasyncio.Queue[int](maxsize=0)\n", [2]),
        (unbounded_queues, "import asyncio as a\na.PriorityQueue(-1)\n", [2]),
        (unbounded_queues, "from queue import Queue as Q\nQ()\n", [2]),
        (unbounded_queues, "import queue\nqueue.SimpleQueue()\n", [2]),
        (unbounded_queues, "import asyncio\nasyncio.Queue(8)\nasyncio.Queue(maxsize=n)\n", []),
        (standard_json_readers, "import json\njson.loads(b)\n", [2]),
        (standard_json_readers, "from json import load\nload(f)\n", [2]),
        (standard_json_readers, "import json\njson.dumps(b)\n", []),
    ],
)
def test_rule_when_given_a_sample_then_names_the_lines(
    rule: Callable[[Path], Iterator[Finding]], source: str, lines: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "sample.py"
    path.write_text(source, encoding="utf-8")
    assert [line for line, _ in rule(path)] == lines


def test_text_files_when_searched_then_no_path_of_this_machine_is_in_them() -> None:
    places = [f"{place.as_posix().rstrip('/')}/" for place in (ROOT, Path.home())]
    offenders = [
        name_of(path)
        for path in text_files()
        if any(place in path.read_text(encoding="utf-8", errors="replace") for place in places)
    ]
    assert offenders == []
