"""What went wrong and what to do next, in the user's language: the one place for it.

Every code of the wire has its sentence here; a test goes through them all.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from app.errors import (
    BadInput,
    CertificateMismatch,
    HouseUnusable,
    LivehouseError,
    MediaFailed,
    RelayRefused,
    RelayUnreachable,
)
from app.ui.cause_words import describe_cause
from app.ui.plain_text import join_sentences
from wire.errors import ErrorCode, WireError


def explain(error: LivehouseError | WireError) -> str:
    """A sentence. Where the program's own words say more, they stand behind it."""
    if isinstance(error, RelayRefused | WireError):
        key = (error.code, error.field or "")
        typed = _sentences_of_fields().get(key) or _sentences_of_things().get(key)
        return typed or explain_code(error.code, error.message, error.retry_after_ms)
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
    if isinstance(error, BadInput):
        return translate("Errors", "This cannot be used: %1").replace("%1", error.message)
    return translate("Errors", "That did not work: %1").replace("%1", error.message)


def explain_hosting(error: LivehouseError) -> str:
    """Why the relay on this computer did not come up: there is no other computer to look at."""
    if isinstance(error, HouseUnusable) and error.is_newer:
        return QCoreApplication.translate(
            "Errors",
            "A newer Livehouse has used this house. Start that one, or restore an older backup.",
        )
    if type(error) not in {RelayUnreachable, HouseUnusable}:
        return explain(error)
    sentence = QCoreApplication.translate("Errors", "The relay on this computer did not start: %1")
    return sentence.replace("%1", error.message)


def explain_failure(code: ErrorCode | None, message: str) -> str:
    """For a state that keeps a failure as a code and words; without a code nobody answered."""
    return explain(RelayUnreachable(message)) if code is None else explain_code(code, message)


def explain_code(code: ErrorCode, message: str, retry_after_ms: int | None = None) -> str:
    """The same for an error that came as a code."""
    sentence = _sentences()[code].replace("%1", message)
    if code in {ErrorCode.MUTED, ErrorCode.KICKED, ErrorCode.BANNED}:
        sentence = _with_reason(sentence, message)
    if retry_after_ms is None:
        return sentence
    return join_sentences(sentence, _again(retry_after_ms / 1000))


def _again(wait_s: float) -> str:
    """Rounded up beyond a few minutes: nobody counts the seconds of a day."""
    translate = QCoreApplication.translate
    if wait_s < 120:
        words, number = translate("Errors", "Try again in %1 s."), max(1, round(wait_s))
    elif wait_s < 2 * 3600:
        words, number = translate("Errors", "Try again in %1 min."), math.ceil(wait_s / 60)
    elif wait_s < 2 * 86_400:
        words, number = translate("Errors", "Try again in %1 h."), math.ceil(wait_s / 3600)
    else:
        words, number = translate("Errors", "Try again in %1 days."), math.ceil(wait_s / 86_400)
    return words.replace("%1", str(number))


def _with_reason(sentence: str, message: str) -> str:
    """Behind a colon, the relay's words hold what a moderator gave as the reason."""
    reason = message.partition(": ")[2]
    if not reason:
        return sentence
    behind = QCoreApplication.translate("Errors", "Reason: %1").replace(
        "%1", describe_cause(reason)
    )
    return join_sentences(sentence, behind)


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
        (ErrorCode.FORBIDDEN, "sign_up"): translate(
            "Errors", "This house takes no new accounts at the moment."
        ),
        (ErrorCode.FORBIDDEN, "code"): translate(
            "Errors", "This house asks for its sign-up code. Whoever runs it can tell you."
        ),
        (ErrorCode.FORBIDDEN, "rooms"): translate(
            "Errors", "In this house only the admins make rooms. Ask one of them."
        ),
        (ErrorCode.BAD_CREDENTIALS, "secret"): translate(
            "Errors", "Name and secret do not fit, or the secret is too old. Ask for another."
        ),
        (ErrorCode.ALREADY_DONE, "report_id"): translate(
            "Errors", "Somebody else is working on this report."
        ),
        (ErrorCode.INVALID_VALUE, "user_id"): translate("Errors", "Nobody can report themselves."),
        (ErrorCode.BAD_CREDENTIALS, "old_password"): translate(
            "Errors", "The old password is wrong."
        ),
        (ErrorCode.BAD_CREDENTIALS, "password"): translate("Errors", "The password is wrong."),
        (ErrorCode.LIMIT_REACHED, "limit_gift_coins"): translate(
            "Errors", "That is more than the limit that you set for one gift."
        ),
        (ErrorCode.LIMIT_REACHED, "limit_day_coins"): translate(
            "Errors", "With that you would spend more than the limit that you set for a day."
        ),
        (ErrorCode.LIMIT_REACHED, "limit_month_coins"): translate(
            "Errors", "With that you would spend more than the limit that you set for a month."
        ),
    }


def _sentences_of_things() -> dict[tuple[ErrorCode, str], str]:
    """What is not there, and what is full. Without a field it is a room that is not there."""
    translate = QCoreApplication.translate
    missing, full = ErrorCode.NOT_FOUND, ErrorCode.FULL
    return {
        (missing, "gift_id"): translate("Errors", "This relay has no such gift any more."),
        (missing, "packet_id"): translate("Errors", "This red packet is not there any more."),
        (missing, "poll_id"): translate("Errors", "This poll is over."),
        (missing, "draw_id"): translate("Errors", "This lucky draw is over."),
        (missing, "user_id"): translate("Errors", "There is no such user on this relay."),
        (missing, "message_id"): translate("Errors", "This message is not there any more."),
        (missing, "report_id"): translate("Errors", "There is no such report any more."),
        (missing, "feedback_id"): translate("Errors", "There is no such feedback any more."),
        (missing, "replay_id"): translate("Errors", "This recording is not there any more."),
        (missing, "model_id"): translate("Errors", "This model is not kept any more."),
        (full, "wishes"): translate(
            "Errors",
            "You have corrected as much as can be kept. Take an old correction back first.",
        ),
        (missing, "raid_id"): translate("Errors", "This raid is over already."),
        (full, "sanctions"): translate(
            "Errors", "As many sanctions stand here as may. Lift an old one first."
        ),
        (missing, "act_id"): translate("Errors", "This is not in the record any more."),
        (missing, "sanction_id"): translate("Errors", "This sanction is not there any more."),
        (missing, "reply_to"): translate("Errors", "The message you answer is not there any more."),
        (missing, "session_id"): translate("Errors", "This device is logged out already."),
        (missing, "transfer_id"): translate("Errors", "There is no such movement in the book."),
        (missing, "export_id"): translate(
            "Errors", "The relay has given this export up. Begin it again."
        ),
        (missing, "word"): translate("Errors", "This word is not on the list any more."),
        (missing, "name"): translate("Errors", "The relay has nothing of that name any more."),
        (full, "feedback"): translate(
            "Errors", "Much of yours waits for an answer already. Please wait for that first."
        ),
        (full, "invites"): translate(
            "Errors", "This room has as many invitations as it may have. Withdraw an old one first."
        ),
        (full, "rooms"): translate("Errors", "You have as many rooms as you may have."),
        (full, "moderators"): translate(
            "Errors", "This room has as many moderators as it may have."
        ),
        (full, "publish_keys"): translate(
            "Errors",
            "This room has as many publish keys as it may have. Withdraw an old one first.",
        ),
        (full, "red_packets"): translate(
            "Errors", "Enough red packets are open in this room. Wait for one to be gone."
        ),
        (full, "followed"): translate("Errors", "You follow as many as one may follow."),
        (full, "joined"): translate("Errors", "You are in as many rooms as one may be at once."),
        (full, "coins"): translate("Errors", "This purse cannot hold more."),
    }


def _sentences() -> dict[ErrorCode, str]:
    translate = QCoreApplication.translate
    strange = translate(
        "Errors", "The relay and this program do not understand each other. Are both up to date?"
    )
    return {
        ErrorCode.MALFORMED: strange,
        ErrorCode.UNKNOWN_TYPE: strange,
        ErrorCode.BAD_PACKET: strange,
        ErrorCode.TOO_LARGE: translate("Errors", "That was too much at once for the relay."),
        ErrorCode.WRONG_STATE: translate("Errors", "The relay cannot do this now. Try again."),
        ErrorCode.INVALID_VALUE: translate("Errors", "The relay does not take this: %1"),
        ErrorCode.TICKET_INVALID: translate(
            "Errors", "The relay's permission to go on has run out. Try again."
        ),
        ErrorCode.VIEWER_TOO_SLOW: translate(
            "Errors", "Your connection is too slow for this picture. Choose a lower quality."
        ),
        ErrorCode.BROADCAST_ENDED: translate("Errors", "The broadcast has ended."),
        ErrorCode.INTERNAL: translate("Errors", "Something failed inside the relay."),
        ErrorCode.SLOW_MODE: translate("Errors", "This room is in slow mode."),
        ErrorCode.FOLLOWERS_ONLY: translate(
            "Errors", "Only followers may write in this room. Follow its owner first."
        ),
        ErrorCode.KNOWN_ONLY: translate(
            "Errors",
            "Only people who were here before may write in this room now.",
        ),
        ErrorCode.MUTED: translate("Errors", "You may not write here for now."),
        ErrorCode.KICKED: translate("Errors", "You were sent out."),
        ErrorCode.BANNED: translate("Errors", "You are banned here."),
        ErrorCode.EMOJI_ONLY: translate("Errors", "Only emoji may be written in this room."),
        ErrorCode.WORD_REFUSED: translate("Errors", "This holds a word that is not wanted here."),
        ErrorCode.LINK_REFUSED: translate("Errors", "Links are not wanted here."),
        ErrorCode.CAPS_REFUSED: translate("Errors", "Please write without all capitals."),
        ErrorCode.FLOOD_REFUSED: translate(
            "Errors", "The same has just been written several times. Say something else."
        ),
        ErrorCode.BAD_CREDENTIALS: translate("Errors", "Name and password do not fit."),
        ErrorCode.LOGIN_REQUIRED: translate("Errors", "Log in first: see the page Me."),
        ErrorCode.SESSION_ENDED: translate("Errors", "You were logged out. Log in again."),
        ErrorCode.FORBIDDEN: translate("Errors", "You are not allowed to do this here."),
        ErrorCode.NOT_FOUND: translate("Errors", "There is no such room on this relay."),
        ErrorCode.NAME_TAKEN: translate("Errors", "This name is taken. Choose another one."),
        ErrorCode.WEAK_PASSWORD: translate(
            "Errors", "This password is too short or too common. Choose a longer one."
        ),
        ErrorCode.CONSENT_REQUIRED: translate(
            "Errors",
            "This relay keeps other things than this program can tell you of. Bring both up to "
            "date, then make the account.",
        ),
        ErrorCode.RATE_LIMITED: translate("Errors", "That was too fast."),
        ErrorCode.BUSY: translate("Errors", "The relay is busy."),
        ErrorCode.FULL: translate("Errors", "A limit of this relay is reached."),
        ErrorCode.PASSPHRASE_REQUIRED: translate("Errors", "This room asks for a passphrase."),
        ErrorCode.INVITE_REQUIRED: translate("Errors", "This room opens with an invitation only."),
        ErrorCode.NOT_LIVE: translate("Errors", "Nothing is live in this room."),
        ErrorCode.NOT_ENOUGH_COINS: translate("Errors", "You have too few coins for this."),
        ErrorCode.LIMIT_REACHED: translate(
            "Errors", "You have reached a limit that you set for yourself."
        ),
        ErrorCode.ALREADY_DONE: translate("Errors", "This was done already."),
        ErrorCode.GONE: translate("Errors", "Too late: nothing is left."),
        ErrorCode.REPLACED: translate("Errors", "You went live from another place."),
        ErrorCode.ROOM_CLOSED: translate("Errors", "This room was closed."),
        ErrorCode.TIMED_OUT: translate("Errors", "The relay did not answer in time."),
        ErrorCode.STORAGE_FAILED: translate("Errors", "The relay's disk is full or broken."),
        ErrorCode.SHUTTING_DOWN: translate("Errors", "The relay is being stopped."),
    }
