from __future__ import annotations

import csv

import pytest

from app.state.spreadsheet import harmless, write_table


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20"])
def test_words_when_they_could_be_a_formula_then_a_quote_stands_before(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmless("1+1") == "1+1"


def test_table_when_written_then_numbers_stay_and_words_are_harmless() -> None:
    table = write_table(("a", "b"), [("=x", -1), ('say "hi", 哈', 2)])
    assert table.startswith("\ufeffa,b\r\n"), "or Excel does not know its encoding"
    rows = list(csv.reader(table.removeprefix("\ufeff").splitlines()))
    assert rows == [["a", "b"], ["'=x", "-1"], ['say "hi", 哈', "2"]]
