from __future__ import annotations

import csv
import io
import json

from app.state.act_export import COLUMNS, write_csv, write_json
from tests.unit.app.ui.admin.admin_states import act


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_csv_when_written_then_a_line_for_each_act_under_the_heading() -> None:
    acts = (act(str), act(str, 2, "ban"))
    head, first, second = read(write_csv(acts, str, str))
    assert tuple(head) == COLUMNS
    assert first[:6] == ["a1", str(acts[0].at_unix_ms), "change_setting", "Root", "admin", ""]
    assert second[2] == "ban"
    assert second[-2] != ""


def test_csv_when_texts_are_hostile_then_they_stay_one_cell_and_no_formula() -> None:
    words = '=HYPERLINK("http://x")'
    (_, line) = read(write_csv((act(lambda _text: words),), str, str))
    assert len(line) == len(COLUMNS)
    assert line[COLUMNS.index("reason")] == f"'{words}"
    (_, line) = read(write_csv((act(lambda _text: 'a, "b"\r\nc'),), str, str))
    assert line[COLUMNS.index("reason")] == 'a, "b"\r\nc'


def test_json_when_written_then_read_back_as_the_wire_has_it() -> None:
    found = json.loads(write_json((act(str),)))
    assert [one["act_id"] for one in found] == ["a1"]
    assert found[0]["detail"]["text"] == "new_room_slow_s: 0 → 5"
    assert json.loads(write_json(())) == []
