"""What a crash report says, and what it must not say. Pure text.

A report is for whoever mends the program: versions, a traceback, the last lines of the log. It is
made from what the program itself wrote, and cleaned all the same: an error's message may quote an
address, a link or a token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

REPORT_CHARACTERS_MAX: Final = 32 * 1024
FATAL_SIGNS: Final = ("Fatal Python error:", "Windows fatal exception:")
"""How faulthandler begins; no line of the log begins so."""

_ADDRESS: Final = re.compile(r"\b(livehouse|wss?|https?|rtsps?|rtmps?|srt|rist|udp)://[^\s'\"<>]+")
# Begins where no other name does: in a long row of hyphens each of them would be a beginning, and
# the time that it takes would grow with the square of it.
_NAMED_SECRET: Final = re.compile(
    r"(?i)(?<![\w-])([\w-]*(?:password|passphrase|secret|token|ticket|invite|pin|key))(['\"]?\s*[=:]\s*)"
    r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s,;)}\]]+)"
)
_LONG_HEX: Final = re.compile(r"\b[0-9a-fA-F]{32,}\b")
_LONG_WORD: Final = re.compile(r"[A-Za-z0-9_-]{24,}")
_HIDDEN: Final = "***"


def clean(text: str, *, home: str) -> str:
    """Without addresses, tokens, passwords and the user's folder."""
    if len(home) > 1:
        text = text.replace(home, "~")
    text = _ADDRESS.sub(rf"\1://{_HIDDEN}", text)
    text = _NAMED_SECRET.sub(rf"\1\2{_HIDDEN}", text)
    text = _LONG_HEX.sub(_HIDDEN, text)
    return _LONG_WORD.sub(_hide_a_token, text)


def make_header(facts: Mapping[str, str]) -> str:
    """One line a fact."""
    return "".join(f"{name}: {one_line(value)}\n" for name, value in facts.items())


def make_report(*, title: str, header: str, trace: str, log: Sequence[str]) -> str:
    """Bounded: of the trace the end counts, of the log the newest lines."""
    half = REPORT_CHARACTERS_MAX // 2
    lines = "\n".join(log)[-half:]
    return (
        f"{title}\n\n{header}\n{_last(trace.strip(), half)}\n\n"
        f"The last lines of the log:\n{lines or '(none)'}\n"
    )


def split_run(text: str) -> tuple[str, list[str], str]:
    """Header, log and fault of a run's file; the fault is empty where there was none."""
    header, _, rest = text.partition("\n\n")
    lines = rest.splitlines()
    begins = [i for i, line in enumerate(lines) if line.startswith(FATAL_SIGNS)]
    if not begins:
        return f"{header}\n", lines, ""
    return f"{header}\n", lines[: begins[0]], "\n".join(lines[begins[0] :])


def one_line(text: str) -> str:
    return " ".join(text.split())


def _last(text: str, characters_max: int) -> str:
    if len(text) <= characters_max:
        return text
    return f"...\n{text[-characters_max:]}"


def _hide_a_token(found: re.Match[str]) -> str:
    """256 random bits hold all three kinds; the names of modules and files do not."""
    word = found.group()
    kinds = (str.isupper, str.islower, str.isdigit)
    return _HIDDEN if all(any(kind(c) for c in word) for kind in kinds) else word
