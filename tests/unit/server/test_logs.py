"""Logs never stand in the way of what they tell of."""

from __future__ import annotations

import errno
import io

from server.logs import PatientLog


class FullDisk(io.StringIO):
    def __init__(self) -> None:
        super().__init__()
        self.is_full = False

    def write(self, text: str) -> int:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)

    def flush(self) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")


def test_log_when_its_disk_is_full_then_goes_on_and_later_writes_again() -> None:
    disk = FullDisk()
    log = PatientLog(disk)
    for is_full, line in ((False, "one\n"), (True, "two\n"), (False, "three\n")):
        disk.is_full = is_full
        print(line, end="", file=log, flush=True)
    assert disk.getvalue() == "one\nthree\n"
