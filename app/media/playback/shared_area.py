"""Memory that this program and one child of it see, and nobody else.

It has no name on Linux and macOS (a descriptor is handed over) and an unguessable one on Windows,
and it is gone with the last of the two processes, however they end. `multiprocessing.shared_memory`
would start one more process only to clean up, and its names outlive a crash.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
import sys
import tempfile


class SharedArea:
    """The parent's end. `view` is valid until `close`."""

    def __init__(self, size: int) -> None:
        self.descriptor: int | None = None
        """To be handed to the child, then let go by `keep_here`."""
        if sys.platform == "win32":
            self.place = f"livehouse-{secrets.token_hex(16)}"
            self._memory = mmap.mmap(-1, size, tagname=self.place)
        else:
            self.descriptor = _open_descriptor(size)
            self.place = str(self.descriptor)
            self._memory = mmap.mmap(self.descriptor, size)
        self.view = memoryview(self._memory)

    def keep_here(self) -> None:
        """The child has its own descriptor now."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None

    def close(self) -> None:
        self.keep_here()
        self.view.release()
        with contextlib.suppress(BufferError):  # somebody still looks: it goes with the last look
            self._memory.close()


def open_area(place: str, size: int) -> mmap.mmap:
    """The child's end. Raises OSError or ValueError."""
    if sys.platform == "win32":
        return mmap.mmap(-1, size, tagname=place)
    memory = mmap.mmap(int(place), size)
    os.close(int(place))
    return memory


if sys.platform == "linux":
    import fcntl

    def _open_descriptor(size: int) -> int:
        """Sealed: a child that could shrink it would end the parent by a SIGBUS."""
        descriptor = os.memfd_create("livehouse-decoder", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(descriptor, size)
        seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
        return descriptor

elif sys.platform != "win32":

    def _open_descriptor(size: int) -> int:
        """A file that has no name any more."""
        with tempfile.TemporaryFile() as file:
            file.truncate(size)
            return os.dup(file.fileno())
