"""The sending end of RTMP: bytes in, bytes out, and whether tags may be sent. Pure.

handshake --> connecting --_result--> creating --_result--> publishing --onStatus--> ready
"""

from __future__ import annotations

import re
from typing import Final, Literal

from app.net.rtmp import amf
from app.net.rtmp.chunks import ChunkReader, ChunkWriter, Message, MessageType
from app.net.rtmp.errors import RtmpError, RtmpRefused
from app.net.rtmp.handshake import Handshake

_CODE: Final = re.compile(r"[A-Za-z.]{1,80}")
_CONTROL, _COMMANDS, _AUDIO, _VIDEO = 2, 3, 4, 6
_CONNECT, _RELEASE, _PREPARE, _CREATE, _PUBLISH = 1.0, 2.0, 3.0, 4.0, 5.0
_PING, _PONG = 6, 7

State = Literal["handshake", "connecting", "creating", "publishing", "ready"]


class ClientSession:
    """One connection to one target."""

    def __init__(self, application: str, address: str, key: str, *, noise: bytes) -> None:
        """`address` is the server's without the key, as `tcUrl` wants it."""
        self._application = application
        self._address = address
        self._key = key
        self._handshake = Handshake(noise, is_server=False)
        self._reader = ChunkReader()
        self._writer = ChunkWriter()
        self._output = bytearray(self._handshake.first())
        self._stream_id = 0
        self._window_bytes = 0
        self._received = 0
        self._acknowledged = 0
        self.state: State = "handshake"

    def take_output(self) -> bytes:
        output = bytes(self._output)
        self._output.clear()
        return output

    def receive(self, data: bytes) -> None:
        """Raises RtmpError; RtmpRefused where the target says no."""
        self._received += len(data)
        if self.state == "handshake":
            answer, data = self._handshake.push(data)
            self._output += answer
            if not self._handshake.is_done:
                return
            self._connect()
        for message in self._reader.push(data):
            self._on_message(message)
        if self._window_bytes and self._received - self._acknowledged >= self._window_bytes // 2:
            self._acknowledged = self._received
            count = (self._received % 2**32).to_bytes(4, "big")
            self._send(_CONTROL, MessageType.ACKNOWLEDGEMENT, count)

    def pack_tag(self, kind: Literal["video", "audio", "data"], time_ms: int, body: bytes) -> bytes:
        """The bytes of one tag, once ready."""
        if kind == "data":
            message = Message(MessageType.DATA, self._stream_id, time_ms, body)
            return self._writer.pack(_AUDIO, message)
        type_id = MessageType.VIDEO if kind == "video" else MessageType.AUDIO
        number = _VIDEO if kind == "video" else _AUDIO
        return self._writer.pack(number, Message(type_id, self._stream_id, time_ms, body))

    def say_goodbye(self) -> None:
        if self.state == "ready":
            self._command("FCUnpublish", 6.0, None, self._key)
            self._command("deleteStream", 7.0, None, float(self._stream_id))

    def _connect(self) -> None:
        self.state = "connecting"
        self._output += self._writer.grow()
        fields: dict[str, amf.Value] = {
            "app": self._application,
            "type": "nonprivate",
            "flashVer": "FMLE/3.0 (compatible; Livehouse)",
            "tcUrl": self._address,
        }
        self._command("connect", _CONNECT, fields)

    def _on_message(self, message: Message) -> None:
        kind, payload = message.type_id, message.payload
        if kind == MessageType.WINDOW_SIZE:
            self._window_bytes = int.from_bytes(payload[:4], "big")
        elif kind == MessageType.PEER_BANDWIDTH:
            self._send(_CONTROL, MessageType.WINDOW_SIZE, payload[:4])
        elif kind == MessageType.USER_CONTROL and payload[:2] == _PING.to_bytes(2, "big"):
            self._send(_CONTROL, kind, _PONG.to_bytes(2, "big") + payload[2:6])
        elif kind == MessageType.COMMAND:
            self._on_command(amf.parse(payload))

    def _on_command(self, values: list[amf.Value]) -> None:
        name = values[0] if values else None
        number = values[1] if len(values) > 1 else None
        if name == "onStatus":
            self._on_status(values)
        elif name == "_error" and number in {_CONNECT, _CREATE, _PUBLISH}:
            raise RtmpRefused(f"the target refused: {self._words(values)}")
        elif name == "_result" and number == _CONNECT and self.state == "connecting":
            self.state = "creating"
            self._command("releaseStream", _RELEASE, None, self._key)
            self._command("FCPublish", _PREPARE, None, self._key)
            self._command("createStream", _CREATE, None)
        elif name == "_result" and number == _CREATE and self.state == "creating":
            stream_id = values[3] if len(values) > 3 else None
            if not isinstance(stream_id, float) or not 0 <= stream_id < 2**32:
                raise RtmpError("the target gave no stream")
            self._stream_id = int(stream_id)
            self.state = "publishing"
            self._command("publish", _PUBLISH, None, self._key, "live")

    def _on_status(self, values: list[amf.Value]) -> None:
        info = next((value for value in values if isinstance(value, dict)), {})
        if info.get("level") == "error":
            raise RtmpRefused(f"the target refused: {self._words(values)}")
        if info.get("code") == "NetStream.Publish.Start" and self.state == "publishing":
            self.state = "ready"

    def _command(self, name: str, number: float, *values: amf.Value) -> None:
        stream_id = self._stream_id if name == "publish" else 0
        self._send(_COMMANDS, MessageType.COMMAND, amf.pack(name, number, *values), stream_id)

    def _send(self, number: int, kind: int, payload: bytes, stream_id: int = 0) -> None:
        self._output += self._writer.pack(number, Message(kind, stream_id, 0, payload))

    def _words(self, values: list[amf.Value]) -> str:
        """The status code alone: a description may repeat the stream key."""
        info = next((value for value in reversed(values) if isinstance(value, dict)), {})
        code = info.get("code")
        if isinstance(code, str) and _CODE.fullmatch(code) and self._key not in code:
            return code
        return "without a reason"
