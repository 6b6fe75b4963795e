"""The receiving end of RTMP, for one publisher: bytes in, events and bytes out. Pure.

    handshake --> connecting --connect--> connected --publish, key right--> publishing --> ended

Nothing but small commands is taken before the key was right.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final, Literal

from app.net.rtmp import amf
from app.net.rtmp.chunks import ChunkReader, ChunkWriter, Message, MessageType
from app.net.rtmp.errors import RtmpError, RtmpRefused
from app.net.rtmp.handshake import Handshake

APPLICATION: Final = "live"
WINDOW_BYTES: Final = 2_500_000
COMMAND_BYTES_MAX: Final = 16 * 1024
BYTES_BEFORE_PUBLISH_MAX: Final = 64 * 1024
"""Handshake and commands of encoders are 4 to 6 KB."""

_COMMANDS: Final = 3
_CONTROL: Final = 2
_STREAM_ID: Final = 1
_PING, _PONG = 6, 7

State = Literal["handshake", "connecting", "connected", "publishing", "ended"]


@dataclass(frozen=True, slots=True)
class PublishBegan:
    """The key was right; pictures and sound follow."""

    encoder: str
    """What the publisher calls itself; a stranger's words."""


@dataclass(frozen=True, slots=True)
class TagArrived:
    """One FLV tag's body."""

    kind: Literal["video", "audio"]
    timestamp_ms: int
    body: bytes


@dataclass(frozen=True, slots=True)
class MetadataArrived:
    fields: dict[str, amf.Value]


@dataclass(frozen=True, slots=True)
class PublishEnded:
    """The publisher said goodbye."""


Event = PublishBegan | TagArrived | MetadataArrived | PublishEnded


class ServerSession:
    """One connection. After an error `take_output` may still hold the answer that says so."""

    def __init__(self, key: str, *, noise: bytes) -> None:
        self._key = key.encode()
        self._handshake = Handshake(noise, is_server=True)
        self._reader = ChunkReader()
        self._writer = ChunkWriter()
        self._output = bytearray()
        self._received = 0
        self._acknowledged = 0
        self._encoder = ""
        self.state: State = "handshake"

    def take_output(self) -> bytes:
        output = bytes(self._output)
        self._output.clear()
        return output

    def receive(self, data: bytes) -> list[Event]:
        """Raises RtmpError; RtmpRefused where the key or the application is wrong."""
        self._received += len(data)
        if self.state != "publishing" and self._received > BYTES_BEFORE_PUBLISH_MAX:
            raise RtmpError("too much was sent before the stream key")
        if self.state == "handshake":
            answer, data = self._handshake.push(data)
            self._output += answer
            if not self._handshake.is_done:
                return []
            self.state = "connecting"
        events: list[Event] = []
        for message in self._reader.push(data):
            events += self._on_message(message)
        if self._received - self._acknowledged >= WINDOW_BYTES // 2:
            self._acknowledged = self._received
            count = (self._received % 2**32).to_bytes(4, "big")
            self._send_control(MessageType.ACKNOWLEDGEMENT, count)
        return events

    def _on_message(self, message: Message) -> list[Event]:
        kind = message.type_id
        if kind in {MessageType.AUDIO, MessageType.VIDEO}:
            if self.state != "publishing" or not message.payload:
                return []
            name: Literal["video", "audio"] = "video" if kind == MessageType.VIDEO else "audio"
            return [TagArrived(name, message.timestamp_ms, message.payload)]
        if len(message.payload) > COMMAND_BYTES_MAX:
            raise RtmpError("a command is too long")
        if kind == MessageType.COMMAND:
            return self._on_command(amf.parse(message.payload))
        if kind == MessageType.DATA and self.state == "publishing":
            return _find_metadata(message.payload)
        if kind == MessageType.USER_CONTROL and message.payload[:2] == _PING.to_bytes(2, "big"):
            self._send_control(kind, _PONG.to_bytes(2, "big") + message.payload[2:6])
        return []

    def _on_command(self, values: list[amf.Value]) -> list[Event]:
        if len(values) < 2 or not isinstance(values[0], str) or not isinstance(values[1], float):
            raise RtmpError("a command without name and number")
        name, number = values[0], values[1]
        if name == "connect":
            self._connect(number, values)
        elif self.state == "connecting":
            raise RtmpError("a command before connect")
        elif name == "createStream":
            self._send_command("_result", number, None, float(_STREAM_ID))
        elif name in {"releaseStream", "FCPublish"}:
            self._send_command("_result", number, None, None)
        elif name == "publish" and self.state == "connected":
            return [self._publish(values)]
        elif name in {"FCUnpublish", "deleteStream", "closeStream"} and self.state == "publishing":
            self.state = "ended"
            return [PublishEnded()]
        elif name == "play":
            self._send_status("error", "NetStream.Play.StreamNotFound", "nothing is played here")
            raise RtmpRefused("somebody asked to play, which this port does not do")
        return []

    def _connect(self, number: float, values: list[amf.Value]) -> None:
        if self.state != "connecting":
            raise RtmpError("connect came twice")
        fields = values[2] if len(values) > 2 and isinstance(values[2], dict) else {}
        application = fields.get("app")
        encoder = fields.get("flashVer")
        if not isinstance(application, str) or application.strip("/") != APPLICATION:
            self._send_command("_error", number, None, _status("error", _REJECTED, "no such app"))
            raise RtmpRefused(f"the address does not end in /{APPLICATION}")
        self._encoder = encoder if isinstance(encoder, str) else ""
        self._send_control(MessageType.WINDOW_SIZE, WINDOW_BYTES.to_bytes(4, "big"))
        self._send_control(MessageType.PEER_BANDWIDTH, WINDOW_BYTES.to_bytes(4, "big") + b"\x02")
        self._output += self._writer.grow()
        self._send_command(
            "_result",
            number,
            {"fmsVer": "FMS/3,0,1,123", "capabilities": 31.0},
            {**_status("status", _CONNECTED, "welcome"), "objectEncoding": 0.0},
        )
        self.state = "connected"

    def _publish(self, values: list[amf.Value]) -> Event:
        name = values[3] if len(values) > 3 and isinstance(values[3], str) else ""
        given = name.partition("?")[0].encode()
        if not hmac.compare_digest(given, self._key):
            self._send_status("error", "NetStream.Publish.BadName", "wrong stream key")
            raise RtmpRefused("the stream key is wrong")
        self.state = "publishing"
        self._send_status("status", "NetStream.Publish.Start", "go on")
        return PublishBegan(self._encoder)

    def _send_status(self, level: str, code: str, words: str) -> None:
        self._send_command("onStatus", 0.0, None, _status(level, code, words), _STREAM_ID)

    def _send_command(
        self, name: str, number: float, first: amf.Value, second: amf.Value, stream_id: int = 0
    ) -> None:
        payload = amf.pack(name, number, first, second)
        message = Message(MessageType.COMMAND, stream_id, 0, payload)
        self._output += self._writer.pack(_COMMANDS, message)

    def _send_control(self, kind: int, payload: bytes) -> None:
        self._output += self._writer.pack(_CONTROL, Message(kind, 0, 0, payload))


_REJECTED: Final = "NetConnection.Connect.Rejected"
_CONNECTED: Final = "NetConnection.Connect.Success"


def _status(level: str, code: str, words: str) -> dict[str, amf.Value]:
    return {"level": level, "code": code, "description": words}


def _find_metadata(payload: bytes) -> list[Event]:
    """The first object of a data message."""
    values = amf.parse(payload)
    found = next((value for value in values if isinstance(value, dict)), None)
    return [] if found is None else [MetadataArrived(found)]
