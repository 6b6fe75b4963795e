from __future__ import annotations

import io
import json
import zipfile

import pytest

from server.privacy.exports import ABOUT_FILE, write_zip
from server.privacy.rules import DAY_MS, check_agreed, file_name, limit_unix_ms
from server.settings import Retention
from wire.errors import ErrorCode, WireError
from wire.privacy_events import PRIVACY_VERSION


def test_limit_when_days_are_none_then_nothing_is_too_old() -> None:
    retention = Retention(messages_days=2, audit_days=0)
    assert limit_unix_ms(retention, "messages", 5 * DAY_MS) == 3 * DAY_MS
    assert limit_unix_ms(retention, "audit", 5 * DAY_MS) is None


def test_agreed_when_other_words_then_refused() -> None:
    check_agreed(PRIVACY_VERSION)
    with pytest.raises(WireError) as caught:
        check_agreed(0)
    assert caught.value.code is ErrorCode.CONSENT_REQUIRED


def test_zip_when_written_then_one_array_for_each_list_that_has_rows() -> None:
    file, rows = io.BytesIO(), 0

    def count() -> None:
        nonlocal rows
        rows += 1

    lists = {"messages": [{"text": "你好"}, {"text": '"\n'}], "rooms": [], "polls": [{"id": 1}]}
    sections = ((name, (row for row in found)) for name, found in lists.items())
    write_zip(file, {"user_id": "u"}, sections, count)
    with zipfile.ZipFile(file) as archive:
        read = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    assert read == {
        ABOUT_FILE: {"user_id": "u"},
        "messages.json": lists["messages"],
        "polls.json": lists["polls"],
    }
    assert rows == 3
    assert file_name("../poll votes") == "___poll_votes.json"
