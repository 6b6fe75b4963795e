"""What both programs speak: media packets, commands, events, errors and limits.

Pure values only: no I/O, no clock, no Qt, no av. `docs/protocol.md` describes the same in words.
"""

SUBPROTOCOL = "livehouse.v1"
"""The WebSocket subprotocol that every socket must offer."""

CONTROL_PATH = "/v1/control"
PUBLISH_PATH = "/v1/publish"
SUBSCRIBE_PATH = "/v1/subscribe"
