"""Failures of exports, in the user's words."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app.errors import RelayUnreachable
from app.live.exporting import ExportCancelled, ExportFailed
from app.media.clipping.part_file import write_whole
from app.media.errors import ClippingFailed
from app.ui.replays.export_words import _sentences, explain_export

RAW = "cannot write /home/ann/An evening.mp4: [Errno 5] Input/output error"


@pytest.mark.parametrize("code", [*_sentences(), "another"])
def test_failure_when_told_then_without_the_systems_words(code: str) -> None:
    words = explain_export(ExportFailed(RAW, code))
    assert len(words) > 20
    for raw in ("Errno", "/home", "Input/output"):
        assert raw not in words


def test_failure_when_of_the_relay_or_wanted_then_said_as_such() -> None:
    assert "relay" in explain_export(RelayUnreachable("[Errno 111]"))
    assert "Cancelled" in explain_export(ExportCancelled("the export was cancelled"))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (PermissionError(errno.EACCES, "Permission denied"), "may_not_write"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "no_folder"),
        (OSError(errno.EIO, "Input/output error"), "cannot_write"),
        (OSError("the relay answered 401"), "unreadable"),
    ],
)
def test_failure_when_a_file_is_written_then_has_a_code_with_a_sentence(
    error: OSError, code: str, tmp_path: Path
) -> None:
    with pytest.raises(ClippingFailed) as caught, write_whole(tmp_path / "a.mp4"):
        raise error
    assert caught.value.code == code
    assert code in _sentences()
