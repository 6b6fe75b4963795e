"""From a moment to its place in the file: a few small reads, wherever it is.

An index in the head (sidx) says it at once. While a recording grows, or after its relay was killed,
there is none, or one that ends before the file does. Then bytes and time run nearly together, so
that a guess lands close; the fragment found there says its own time, and the next guess lies
between the nearest two that are known. What was found stays known, up to `KNOWN_MAX` places, and
the index's on top of it. Blocking; one thread.
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Final

from app.media.replay.fragments import (
    FRAGMENT_HEAD_BYTES_MAX,
    INDEX_BYTES_MAX,
    INIT_BYTES_MAX,
    BrokenRecording,
    Fragment,
    Init,
    find_last_moof,
    find_moof,
    parse_fragment,
    parse_index,
    parse_init,
    read_header,
)

if TYPE_CHECKING:
    from app.media.replay.byte_source import ByteSource

HEAD_BYTES: Final = 32 * 1024
"""Holds the moof of a fragment of some seconds."""
PROBE_BYTES: Final = 256 * 1024
PROBE_BYTES_MAX: Final = 64 << 20
"""A fragment larger than this is not looked past."""
GUESSES_MAX: Final = 40
HEADER_BYTES: Final = 32
CLOSE_US: Final = 4_000_000
"""From here on walking from fragment to fragment is quicker than guessing."""
AIM_BEFORE_US: Final = 1_500_000
"""A guess that lands a little before the moment is worth more than one that lands behind it."""
RECENT_MAX: Final = 32
"""Fragments that are kept with their samples."""
KEYFRAME_STEPS_MAX: Final = 32
"""Fragments back to the one with a keyframe."""
KNOWN_MAX: Final = 8192
_PASSED_OVER_MAX: Final = 64


class FragmentFinder:
    """`open` first. Moments are microseconds since the first packet."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._init: Init | None = None
        self._starts_us: list[int] = []
        self._known: list[Fragment] = []
        """Some of the fragments, by time, without samples; the first always."""
        self._recent: dict[int, Fragment] = {}
        self.origin_us = 0
        """The first packet's pts in the file."""
        self.end_us = 0
        """Where the last fragment that was seen ends."""
        self.size = 0
        self.reads = 0

    @property
    def init(self) -> Init:
        if self._init is None:
            raise BrokenRecording("not open")
        return self._init

    def open(self) -> Init:
        """Raises BrokenRecording, OSError."""
        self.size = self._source.measure()
        data, wanted = b"", HEAD_BYTES
        while self._init is None:
            data = self._read(0, wanted)
            self._init = parse_init(data)
            if self._init is None and len(data) < min(wanted, INIT_BYTES_MAX):
                raise BrokenRecording("it ends before it begins")
            wanted = min(2 * wanted, INIT_BYTES_MAX)
        first = self._find_next(self._init.end)
        if first is None:
            raise BrokenRecording("nothing was recorded yet")
        self.origin_us = min(one.pts_us for one in first.samples)
        self._note(first)
        self._read_index(self._init.end, first.offset)
        if self._known[-1].end != self.size:
            self.measure()
        return self._init

    def measure(self) -> None:
        """Look at the end of the file: it may have grown."""
        self.size = self._source.measure()
        last = self._find_last()
        if last is not None:
            self._note(last)

    def find(self, at_us: int) -> Fragment:
        """The last fragment with a keyframe that is not after the moment; else the first one."""
        fragment = self._find_around(at_us)
        for _ in range(KEYFRAME_STEPS_MAX):
            if self.keyframe_us(fragment, at_us) is not None:
                return fragment
            start_us = self.start_us(fragment)
            if fragment.offset <= self._known[0].offset:
                break
            fragment = self._find_around(start_us - 1)
        return fragment

    def keyframe_us(self, fragment: Fragment, at_us: int) -> int | None:
        """The last keyframe of it up to that moment."""
        video = self.init.video
        if video is None:
            return self.start_us(fragment)
        times = [
            one.pts_us - self.origin_us
            for one in fragment.of(video)
            if one.is_sync and one.pts_us - self.origin_us <= at_us
        ]
        return max(times, default=None)

    def start_us(self, fragment: Fragment) -> int:
        return _start_us(fragment, self.init) - self.origin_us

    def after(self, fragment: Fragment) -> Fragment | None:
        """The next one; None where there is none yet."""
        following = self._find_next(fragment.end)
        if following is not None:
            self._note(following)
        return following

    def load(self, fragment: Fragment) -> bytes:
        """All its data, from `data_start`; short where the file ends within."""
        return self._read(fragment.data_start, fragment.data_end - fragment.data_start)

    def _read_index(self, start: int, end: int) -> None:
        """Between the head and the first fragment, where there is one."""
        if not HEADER_BYTES < end - start <= INDEX_BYTES_MAX:
            return
        for entry in parse_index(self._read(start, end - start), start):
            start_us = entry.start_us - self.origin_us
            if entry.end > self.size or start_us < self._starts_us[-1]:
                break
            if entry.offset > self._known[-1].offset:
                self._starts_us.append(start_us)
                self._known.append(Fragment(entry.offset, entry.end, ()))
            else:  # the first one: others may share its entry
                self._known[-1] = Fragment(entry.offset, entry.end, ())
            self.end_us = max(self.end_us, entry.end_us - self.origin_us)

    def _read(self, offset: int, size: int) -> bytes:
        self.reads += 1
        return self._source.read(offset, size)

    def _note(self, fragment: Fragment) -> None:
        if not fragment.samples:
            return
        start_us = self.start_us(fragment)
        last_us = max(one.pts_us + one.duration_us for one in fragment.samples)
        self.end_us = max(self.end_us, last_us - self.origin_us)
        at = bisect.bisect_left(self._starts_us, start_us)
        if at < len(self._known) and self._known[at].offset == fragment.offset:
            return
        self._starts_us.insert(at, start_us)
        self._known.insert(at, Fragment(fragment.offset, fragment.end, ()))
        if len(self._known) > KNOWN_MAX:
            self._starts_us = [self._starts_us[0], *self._starts_us[2:-1:2], self._starts_us[-1]]
            self._known = [self._known[0], *self._known[2:-1:2], self._known[-1]]

    def _find_around(self, at_us: int) -> Fragment:
        """The last fragment that does not begin after the moment; else the first one."""
        at = max(0, bisect.bisect_right(self._starts_us, at_us) - 1)
        low = self._known[at]
        high = self._known[at + 1] if at + 1 < len(self._known) else None
        low_us = self._starts_us[at]
        high_us = self._starts_us[at + 1] if high is not None else max(self.end_us, low_us + 1)
        limit = high.offset if high is not None else self.size
        if high_us - low_us > CLOSE_US and not low.samples:
            low = self._reload(low)  # of an entry of the index that several share
        for number in range(GUESSES_MAX):
            if low.end >= limit:
                break
            guess = _guess(at_us, (low_us, low.end), (high_us, limit), number)
            found = self._find_next(guess, limit if guess > low.end else None)
            if found is None or found.offset >= limit:
                if guess <= low.end:
                    break
                limit = guess  # no fragment begins between here and the next one
                continue
            start_us = self.start_us(found)
            self._note(found)
            if start_us <= at_us:
                low, low_us = found, start_us
            elif guess <= low.end:
                break  # it is the very next one, and after the moment
            else:
                limit, high_us = found.offset, start_us
        return self._reload(low)

    def _reload(self, fragment: Fragment) -> Fragment:
        """With its samples, which are not kept."""
        found = self._recent.get(fragment.offset) or self._find_next(fragment.offset)
        if found is None:
            raise BrokenRecording(f"the fragment at {fragment.offset} is gone")
        return found

    def _find_next(self, offset: int, limit: int | None = None) -> Fragment | None:
        """The first fragment with samples at or after that place, which may be anywhere.

        `limit`: given where the place is a guess; none is looked for from there on.
        """
        recent = self._recent.get(offset)
        if recent is not None and recent.samples:
            return recent
        for _ in range(_PASSED_OVER_MAX):
            data = self._read(offset, HEAD_BYTES if limit is None else PROBE_BYTES)
            start = self._skip_to_moof(data)
            if start < 0:
                found = self._scan(offset, data, limit)
                if found is None:
                    return None
                offset, data = found
            elif start > 0:
                offset += start
                data = data[start:]
            fragment = self._parse(offset, data)
            if fragment is None or fragment.samples:
                self._keep(fragment)
                return fragment
            offset = fragment.end
        return None

    def _keep(self, fragment: Fragment | None) -> None:
        if fragment is not None:
            self._recent.pop(fragment.offset, None)
            self._recent[fragment.offset] = fragment
            if len(self._recent) > RECENT_MAX:
                self._recent.pop(next(iter(self._recent)))

    @staticmethod
    def _skip_to_moof(data: bytes) -> int:
        """Where the box is, if whole boxes begin at the start of `data`; -1 where none is known."""
        if len(data) >= 8 and data[4:8] == b"moof":
            return 0
        return -1

    def _scan(self, offset: int, data: bytes, limit: int | None) -> tuple[int, bytes] | None:
        """From anywhere to the next moof: its place and the bytes from there on."""
        stop = min(offset + PROBE_BYTES_MAX, limit if limit is not None else self.size)
        while True:
            start = find_moof(data)
            if start >= 0:
                place = offset + start
                return place, data[start:] if len(data) - start >= HEAD_BYTES else self._read(
                    place, HEAD_BYTES
                )
            step = max(0, len(data) - 12)
            offset += step
            if offset >= stop or not step:
                return None
            data = self._read(offset, PROBE_BYTES)

    def _parse(self, offset: int, data: bytes) -> Fragment | None:
        fragment = parse_fragment(data, offset, self.init)
        if fragment is not None:
            return fragment
        header = read_header(data)
        if header is None or not 0 < header[2] <= FRAGMENT_HEAD_BYTES_MAX:
            return None
        wanted = header[2] + 16
        if wanted <= len(data):
            return None  # the mdat's own header is not there yet
        return parse_fragment(self._read(offset, wanted), offset, self.init)

    def _find_last(self) -> Fragment | None:
        """Looked for from the end of the file backwards."""
        end, floor = self.size, self._known[-1].offset if self._known else self.init.end
        data = b""
        while end > floor and len(data) < PROBE_BYTES_MAX:
            start = max(floor, end - max(PROBE_BYTES, len(data)))
            data = self._read(start, end - start) + data
            end = start
            at = find_last_moof(data)
            while at >= 0:
                fragment = self._parse(start + at, data[at : at + FRAGMENT_HEAD_BYTES_MAX])
                if fragment is not None and fragment.samples:
                    return fragment
                at = find_last_moof(data[:at])
        return None


def _start_us(fragment: Fragment, init: Init) -> int:
    """By its first picture, or where it has none by what it has: the file's time."""
    pictures = fragment.of(init.video)
    return min(one.pts_us for one in pictures or fragment.samples)


def _guess(at_us: int, low: tuple[int, int], high: tuple[int, int], number: int) -> int:
    """Where the fragment may be; the end of the low one means: take the very next one."""
    (low_us, start), (high_us, end) = low, high
    if at_us - low_us <= CLOSE_US:
        return start
    share = (at_us - AIM_BEFORE_US - low_us) / max(1, high_us - low_us)
    if number % 4 == 3:  # where bytes and time do not run together
        share = 0.5
    return start + int(min(max(share, 0.0), 0.98) * (end - start))
