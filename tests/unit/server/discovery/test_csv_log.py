"""Reading events from CSV: what is taken, and what is refused with its line."""

import numpy as np
import pytest

from server.discovery.csv_log import read_csv
from server.discovery.log import Availability
from server.errors import RelayError


def write(tmp_path, text: str, encoding: str = "utf-8"):
    path = tmp_path / "events.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_csv_when_it_has_a_heading_then_columns_may_stand_in_any_order(tmp_path):
    text = "timestamp,item,user,weight\n200,b,u1,2.5\n100,a,u2,1\n"
    log = read_csv(write(tmp_path, text))
    assert log.at_s.tolist() == [100.0, 200.0]
    assert log.users.tolist() == [1, 0]
    assert log.streamers.tolist() == [1, 0]
    assert log.users_count == log.streamers_count == 2


@pytest.mark.parametrize(
    "text",
    [
        "u,a,1800000000\n",
        "u,a,1800000000000\n",
        "u,a,2027-01-15T08:00:00\n",
        "u,a,2027-01-15T16:00:00+08:00\n",
        "\ufeffuser,item,timestamp\nu,a,1800000000\n\n",
    ],
)
def test_csv_when_times_are_written_differently_then_mean_the_same(tmp_path, text):
    assert read_csv(write(tmp_path, text)).at_s.tolist() == [1.8e9]


def test_csv_when_shows_are_given_then_candidates_are_those_that_are_live(tmp_path):
    text = (
        "user,item,timestamp,live_from,live_to\n"
        "u,a,1000,900,2000\nu,b,5000,4900,6000\nv,c,5500,5000,7000\n"
    )
    live = Availability(read_csv(write(tmp_path, text)))
    assert live.at(1_500.0).tolist() == [0]
    assert live.at(5_600.0).tolist() == [1, 2]
    assert live.at(9_000.0).tolist() == []


def test_csv_when_one_sitting_is_in_pieces_then_is_one_visit(tmp_path):
    text = "u,a,1000,5\nu,a,1600,7\nu,a,9000,1\nv,a,1200,2\n"
    log = read_csv(write(tmp_path, text))
    visits = zip(log.users.tolist(), log.at_s.tolist(), log.weights.tolist(), strict=True)
    assert sorted(visits) == [
        (0, 1_000.0, 12.0), (0, 9_000.0, 1.0), (1, 1_200.0, 2.0),
    ]  # fmt: skip


def test_csv_when_one_weight_is_beyond_all_then_is_cut(tmp_path):
    rows = [f"u{k},a,{k * 10_000},1" for k in range(2_000)]
    rows[7] = "u7,a,70000,1000000000"
    assert np.max(read_csv(write(tmp_path, "\n".join(rows))).weights) == 1.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no rows"),
        ("user,item\nu,a\n", "line 1: there is no column timestamp"),
        ("u,a\n", "line 1: 2 fields"),
        ("u,a,soon\n", "line 1: 'soon' is no time"),
        ("u,a,1\nu,,2\n", "line 2: user, item and timestamp must not be empty"),
        ("u,a,1,heavy\n", "line 1: 'heavy' is no weight"),
        ("u,a,1,nan\n", "line 1: 'nan' is no weight"),
        ("u,a,1,1\nu,a\n", "line 2: there is no timestamp"),
        (f"u,{'a' * 2_000},1\n", "is no CSV file"),
    ],
)
def test_csv_when_something_is_wrong_then_the_line_and_the_fault_are_named(tmp_path, text, words):
    with pytest.raises(RelayError, match=words):
        read_csv(write(tmp_path, text))


def test_csv_when_it_is_no_text_or_not_there_then_says_so(tmp_path):
    with pytest.raises(RelayError, match="not UTF-8"):
        read_csv(write(tmp_path, "ü,a,1\n", "latin-1"))
    with pytest.raises(RelayError, match="cannot be read"):
        read_csv(tmp_path / "nothing.csv")
