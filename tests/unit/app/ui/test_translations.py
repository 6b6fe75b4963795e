"""Chinese is complete: what the sources ask for is in the .ts file, and finished, and compiled."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QTranslator

ROOT = Path(__file__).resolve().parents[4]
TS = ROOT / "resources" / "translations" / "livehouse_zh_CN.ts"
SOURCES = sorted((ROOT / "app" / "ui").rglob("*.py"))

Message = tuple[str, str]


@lru_cache
def messages(path: Path) -> dict[Message, ET.Element]:
    return {
        (context.findtext("name", ""), message.findtext("source", "")): message
        for context in ET.parse(path).getroot().findall("context")  # noqa: S314 # a file of ours
        for message in context.findall("message")
    }


def test_sources_when_extracted_then_each_text_is_in_the_chinese_file(tmp_path: Path) -> None:
    program = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("pyside6-lupdate is not installed")
    fresh = tmp_path / "fresh.ts"
    files = sorted(str(path) for path in (ROOT / "app" / "ui").rglob("*.py"))
    subprocess.run([program, *files, "-ts", str(fresh)], check=True, capture_output=True)
    assert set(messages(fresh)) - set(messages(TS)) == set()


def _is_asked(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return name in {"tr", "translate"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_source_when_it_asks_for_a_text_then_not_within_an_f_string(path: Path) -> None:
    """pyside6-lupdate does not look into them: the text would never be translated."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    asked = [node.lineno for string in strings for node in ast.walk(string) if _is_asked(node)]
    assert asked == []


def test_texts_when_words_are_chosen_between_then_no_two_are_the_same_in_chinese() -> None:
    chosen = ("Problem", "Idea", "Question", "Appeal", "Something else")
    translated = {messages(TS)["Feedback", words].findtext("translation") for words in chosen}
    assert len(translated) == len(chosen)


@pytest.mark.parametrize("message", messages(TS), ids=lambda message: message[1][:40])
def test_text_when_translated_then_is_finished_and_keeps_its_places(message: Message) -> None:
    element = messages(TS)[message]
    translation = element.find("translation")
    assert translation is not None
    assert translation.get("type") is None, "unfinished"
    chinese = "".join(translation.itertext()).strip()
    assert chinese
    places = r"%\w|\{\w*\}"
    assert sorted(re.findall(places, chinese)) == sorted(re.findall(places, message[1]))


def test_compiled_file_when_loaded_then_says_what_the_source_file_says() -> None:
    translator = QTranslator()
    assert translator.load(str(TS.with_suffix(".qm")))
    for (context, source), element in messages(TS).items():
        if element.get("numerus"):
            continue
        assert translator.translate(context, source) == element.findtext("translation")
