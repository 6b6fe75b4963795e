"""Every bound that both ends enforce, with its unit last in the name.

A bound that only one program needs lives in that program's settings.
"""

from __future__ import annotations

from typing import Final

# Messages
CONTROL_MESSAGE_BYTES_MAX: Final = 64 * 1024
MEDIA_MESSAGE_BYTES_MAX: Final = 2 * 1024 * 1024
"""Header and payload of one media packet; larger messages close the socket with 1009."""

INTEGER_MAX: Final = 2**53 - 1
"""The largest whole number in JSON, so that clients with doubles read it exactly."""

PTS_US_MAX: Final = 2**63 - 1

# Tracks
LAYERS_MAX: Final = 4
TRACKS_MAX: Final = 8
PUBLISH_PATHS_MAX: Final = 2
"""Sockets over which one publisher sends at the same time."""
PICTURE_SIDE_MAX: Final = 8192
EXTRADATA_BYTES_MAX: Final = 4096

# Accounts
USER_NAME_CHARACTERS_MIN: Final = 2
USER_NAME_CHARACTERS_MAX: Final = 32
USER_ABOUT_CHARACTERS_MAX: Final = 160
"""What a user says of themselves, in one line."""
PASSWORD_CHARACTERS_MIN: Final = 8
PASSWORD_CHARACTERS_MAX: Final = 128
TOKEN_CHARACTERS_MAX: Final = 128

# Rooms
ID_CHARACTERS_MAX: Final = 64
ROOM_NAME_CHARACTERS_MAX: Final = 80
ROOM_TITLE_CHARACTERS_MAX: Final = 120
ROOM_CATEGORY_CHARACTERS_MAX: Final = 40
ROOM_DESCRIPTION_CHARACTERS_MAX: Final = 2000
ROOM_LIST_MAX: Final = 100
AWAY_S_MIN: Final = 30
AWAY_S_MAX: Final = 3600
"""How long a room waits for its host who was cut off."""
SEARCH_CHARACTERS_MAX: Final = 80
LABEL_CHARACTERS_MAX: Final = 60

# Chat
DANMAKU_CHARACTERS_MAX: Final = 200
DANMAKU_HISTORY_MAX: Final = 100
"""Messages sent to someone who joins a room."""
CHAT_SLOW_S_MAX: Final = 3600
CHAT_DELAY_S_MAX: Final = 30
CHAT_HELD_MAX: Final = 200
"""Messages of one room that wait for a moderator's eye."""
ANNOUNCEMENT_CHARACTERS_MAX: Final = 200
FOLLOWED_MAX: Final = 2000
"""Users that one user may follow."""

# Automatic moderation
WORD_CHARACTERS_MAX: Final = 64
WORDS_HOUSE_MAX: Final = 20_000
WORDS_ROOM_MAX: Final = 2_000
WORDS_IMPORT_MAX: Final = 500
"""Entries of one `ImportWords`; a longer list takes several."""
WORDS_PAGE_MAX: Final = 200
DOMAIN_CHARACTERS_MAX: Final = 100
ALLOWED_DOMAINS_MAX: Final = 50

# Emotes of a room
EMOTE_NAME_CHARACTERS_MIN: Final = 2
EMOTE_NAME_CHARACTERS_MAX: Final = 24
EMOTE_BYTES_MAX: Final = 24 * 1024
"""In base64 it is half of a control message."""
EMOTE_SIDE_MAX: Final = 256
"""Pixels."""
EMOTES_ROOM_MAX: Final = 30

# Cover of a room
COVER_BYTES_MAX: Final = 40 * 1024
"""In base64 it fits into a control message."""
COVER_WIDTH_MAX: Final = 640
COVER_HEIGHT_MAX: Final = 360
"""Pixels."""

# Order
REASON_CHARACTERS_MAX: Final = 200
SANCTION_S_MAX: Final = 10 * 365 * 24 * 3600
"""What lasts longer is for ever."""
ORDER_PAGE_MAX: Final = 100
"""Acts or sanctions of one answer."""

# Coins
COINS_MAX: Final = 1_000_000_000
"""The most that one gift, packet, grant or limit may name."""
GIFT_COUNT_MAX: Final = 1_314
RED_PACKET_SHARES_MAX: Final = 200
IDEMPOTENCY_KEY_CHARACTERS_MAX: Final = 64
NOTE_CHARACTERS_MAX: Final = 200
MOVEMENT_LIST_MAX: Final = 100

# Likes
LIKES_BATCH_MAX: Final = 50
"""Taps of one `SendLikes`."""

# Polls and draws
POLL_QUESTION_CHARACTERS_MAX: Final = 120
POLL_CHOICE_CHARACTERS_MAX: Final = 40
POLL_CHOICES_MAX: Final = 6
DRAW_PRIZE_CHARACTERS_MAX: Final = 80
DRAW_WINNERS_MAX: Final = 50
DRAW_ENTRIES_PAGE_MAX: Final = 1_000
ROUND_S_MIN: Final = 10
ROUND_S_MAX: Final = 3_600
"""How long a poll or a draw is open."""

# Admins
HOUSE_LIST_MAX: Final = 100
SETTING_CHARACTERS_MAX: Final = 200
BACKUP_NAME_CHARACTERS_MAX: Final = 80

# Reports and feedback
REPORT_TEXT_CHARACTERS_MAX: Final = 500
REPORT_LINES_MAX: Final = 24
"""Messages that are kept with a report."""
REPORT_THUMBNAIL_BYTES_MAX: Final = 96 * 1024
VERDICT_CHARACTERS_MAX: Final = 500
FEEDBACK_CHARACTERS_MAX: Final = 2000
"""Of a text, and of its answer."""
DIAGNOSTICS_CHARACTERS_MAX: Final = 1500
SCREENSHOT_BYTES_MAX: Final = 34 * 1024
"""In base64, with the longest text and diagnostics, still one control message."""
FEEDBACK_PAGE_MAX: Final = 10
"""Of one's own feedback in one answer."""
INBOX_PAGE_MAX: Final = 20

# Recommendations
IMPRESSIONS_MAX: Final = 60
"""Of one `RecordImpressions`."""
PEOPLE_MAX: Final = 50

# Recordings
REPLAYS_PAGE_MAX: Final = 50
RECOMMENDED_REPLAYS_MAX: Final = 12
INTERESTS_MAX: Final = 8
TIMELINE_PAGE_MAX: Final = 500
"""Entries; a page ends before it where it would be larger than a control message."""
CHAPTERS_MAX: Final = 60
CHAPTER_CHARACTERS_MAX: Final = 80

# Time
FIRST_MESSAGE_TIMEOUT_S: Final = 10.0
"""A socket that has not said who it is by then is closed."""

TICKET_LIFETIME_S: Final = 30.0
PATH_WAIT_MS_MAX: Final = 250
"""How long packets of one path wait for one that is missing and may come by the other."""
PUBLISH_FEEDBACK_INTERVAL_MS: Final = 250
"""By it a publisher finds out that its link became narrow: each further 250 ms of 2.5 Mbit/s are a
second of a link of 600 kbit/s."""
PATHS_FEEDBACK_INTERVAL_MS: Final = 100
"""While a publisher has two paths: what one of them swallowed is to be sent over the other before
PATH_WAIT_MS_MAX is over."""
KEYFRAME_REQUEST_INTERVAL_MS_MIN: Final = 1000
"""A viewer asks no sooner again, and a publisher is asked for a layer no sooner again."""
REPORT_INTERVAL_MS_MIN: Final = 250
"""A viewer that reports more often is answered with `rate_limited` and its report is dropped."""
