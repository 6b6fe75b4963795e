"""What went wrong and what to do next, in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.errors import (
    CertificateMismatch,
    LivehouseError,
    MediaFailed,
    RelayRefused,
    RelayUnreachable,
)
from wire.errors import ErrorCode, WireError


def explain(error: LivehouseError | WireError) -> str:
    """A sentence. Unknown things keep the program's own words."""
    if isinstance(error, RelayRefused | WireError):
        typed = _sentences_of_fields().get((error.code, error.field or ""))
        if typed is not None:
            return typed
        return explain_code(error.code, error.message, error.retry_after_ms)
    translate = QCoreApplication.translate
    if isinstance(error, CertificateMismatch):
        return translate(
            "Errors",
            "This relay shows another certificate than the invite link promised. Nothing was sent. "
            "Ask for a new link, and only go on if you trust who gives it.",
        )
    if isinstance(error, RelayUnreachable):
        return translate(
            "Errors",
            "The relay cannot be reached. Is its computer on, and in the same network as this one?",
        )
    if isinstance(error, MediaFailed):
        return translate("Errors", "Picture or sound gave up: %1").replace("%1", error.message)
    return error.message


def explain_code(code: ErrorCode, message: str, retry_after_ms: int | None = None) -> str:
    """The same for an error that came as a code."""
    sentence = _sentences().get(code, message)
    if retry_after_ms is None:
        return sentence
    seconds = str(max(1, round(retry_after_ms / 1000)))
    again = QCoreApplication.translate("Errors", "Try again in %1 s.").replace("%1", seconds)
    return f"{sentence} {again}"


def _sentences_of_fields() -> dict[tuple[ErrorCode, str], str]:
    """Where something that was typed is to blame."""
    translate = QCoreApplication.translate
    return {
        (ErrorCode.INVALID_VALUE, "name"): translate(
            "Errors",
            "A name has 2 to 32 characters: letters, digits, single spaces and _ - . · '",
        ),
        (ErrorCode.INVALID_VALUE, "about"): translate(
            "Errors", "What you say about yourself is one line of ordinary characters."
        ),
        (ErrorCode.INVALID_VALUE, "passphrase"): translate(
            "Errors", "A passphrase has at least 4 characters."
        ),
        (ErrorCode.BAD_CREDENTIALS, "old_password"): translate(
            "Errors", "The old password is wrong."
        ),
    }


def _sentences() -> dict[ErrorCode, str]:
    translate = QCoreApplication.translate
    return {
        ErrorCode.BAD_CREDENTIALS: translate("Errors", "Name and password do not fit."),
        ErrorCode.LOGIN_REQUIRED: translate("Errors", "Log in first: see the page Me."),
        ErrorCode.SESSION_ENDED: translate("Errors", "You were logged out. Log in again."),
        ErrorCode.FORBIDDEN: translate("Errors", "You are not allowed to do this here."),
        ErrorCode.NOT_FOUND: translate("Errors", "There is no such room on this relay."),
        ErrorCode.NAME_TAKEN: translate("Errors", "This name is taken. Choose another one."),
        ErrorCode.WEAK_PASSWORD: translate(
            "Errors", "This password is too short or too common. Choose a longer one."
        ),
        ErrorCode.RATE_LIMITED: translate("Errors", "That was too fast."),
        ErrorCode.BUSY: translate("Errors", "The relay is busy."),
        ErrorCode.FULL: translate("Errors", "The relay is full."),
        ErrorCode.PASSPHRASE_REQUIRED: translate("Errors", "This room asks for a passphrase."),
        ErrorCode.INVITE_REQUIRED: translate("Errors", "This room opens with an invitation only."),
        ErrorCode.NOT_LIVE: translate("Errors", "Nothing is live in this room."),
        ErrorCode.REPLACED: translate("Errors", "You went live from another place."),
        ErrorCode.ROOM_CLOSED: translate("Errors", "This room was closed."),
        ErrorCode.TIMED_OUT: translate("Errors", "The relay did not answer in time."),
        ErrorCode.STORAGE_FAILED: translate("Errors", "The relay's disk is full or broken."),
        ErrorCode.SHUTTING_DOWN: translate("Errors", "The relay is being stopped."),
    }
