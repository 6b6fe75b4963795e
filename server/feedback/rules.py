"""What feedback may hold, and how it goes from new to closed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from server.rates import Rate
from server.text import check_paragraphs
from wire import limits
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from wire.inbox_commands import AnswerFeedback, FeedbackStatus, SendFeedback

SEND_RATE: Final = Rate(burst=5, per_s=1 / 120)
UNANSWERED_MAX: Final = 20
"""Of one user: who has that many waiting waits with them."""
EXCERPT_CHARACTERS: Final = 160

_NEXT: Final[dict[FeedbackStatus, frozenset[FeedbackStatus]]] = {
    "new": frozenset({"read", "answered", "closed"}),
    "read": frozenset({"answered", "closed"}),
    "answered": frozenset({"answered", "closed"}),
    "closed": frozenset(),
}
"""An answer may be written anew; what is closed stays as it is."""
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def check_feedback(command: SendFeedback) -> tuple[str, str]:
    """Text and diagnostics as they are kept. Raises WireError(INVALID_VALUE)."""
    text = check_paragraphs(
        command.text, characters_max=limits.FEEDBACK_CHARACTERS_MAX, field="text"
    )
    if not text:
        raise _invalid("text", "say something")
    diagnostics = check_paragraphs(
        command.diagnostics,
        characters_max=limits.DIAGNOSTICS_CHARACTERS_MAX,
        field="diagnostics",
    )
    if command.screenshot is not None and not command.screenshot.startswith(_PICTURES):
        raise _invalid("screenshot", "a screenshot is a JPEG or a PNG")
    if (command.category == "appeal") != (command.sanction_id is not None):
        raise _invalid("sanction_id", "an appeal, and nothing else, is against a sanction")
    return text, diagnostics


def check_answer(command: AnswerFeedback, *, is_appeal: bool) -> str:
    """Raises WireError(INVALID_VALUE)."""
    text = check_paragraphs(
        command.text, characters_max=limits.FEEDBACK_CHARACTERS_MAX, field="text"
    )
    if not text and not (command.is_closed or command.is_granted):
        raise _invalid("text", "an answer has words")
    if command.is_granted and not is_appeal:
        raise _invalid("is_granted", "only an appeal is granted")
    return text


def go_to(now: FeedbackStatus, wanted: FeedbackStatus) -> FeedbackStatus:
    """Raises WireError(ALREADY_DONE) where it is closed."""
    if wanted not in _NEXT[now]:
        raise WireError(ErrorCode.ALREADY_DONE, "this is closed")
    return wanted


def excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_CHARACTERS else f"{line[: EXCERPT_CHARACTERS - 1]}…"


def _invalid(field: str, words: str) -> WireError:
    return WireError(ErrorCode.INVALID_VALUE, words, field=field)
