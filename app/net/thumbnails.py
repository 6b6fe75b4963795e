"""Small pictures over HTTP/1.1, pinned like all else.

`GET /v1/thumbnails/<broadcast>.jpg` of what is live, `GET /v1/replays/<id>.jpg` of recordings.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from app.errors import CertificateMismatch
from app.net.tls import check_pin, create_context

if TYPE_CHECKING:
    import ssl

    from app.net.address import RelayAddress

TIMEOUT_S: Final = 4.0
HEAD_BYTES_MAX: Final = 8 * 1024
BODY_BYTES_MAX: Final = 256 * 1024


async def fetch_thumbnail(address: RelayAddress, broadcast_id: str) -> bytes | None:
    """The JPEG; None where there is none or the relay does not answer: a card can do without."""
    return await fetch_picture(address, "thumbnails", broadcast_id)


async def fetch_picture(
    address: RelayAddress, folder: str, name: str, *, ticket: str = ""
) -> bytes | None:
    """The same of any folder that the relay has: `/v1/<folder>/<name>.jpg`."""
    if not name.isalnum():
        return None  # ids are plain letters and digits: nothing else belongs into a request line
    tls = create_context(is_pinned=address.pin is not None) if address.is_secure else None
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await _fetch(address, f"/v1/{folder}/{name}.jpg", tls, ticket)
    except (
        OSError,
        TimeoutError,
        EOFError,
        ValueError,
        asyncio.LimitOverrunError,
        CertificateMismatch,
    ):
        return None


async def _fetch(
    address: RelayAddress, path: str, tls: ssl.SSLContext | None, ticket: str
) -> bytes | None:
    reader, writer = await asyncio.open_connection(
        address.host, address.port, ssl=tls, limit=HEAD_BYTES_MAX
    )
    try:
        if address.pin is not None:
            secured = writer.get_extra_info("ssl_object")
            check_pin(secured.getpeercert(binary_form=True), address.pin)
        bearer = f"Authorization: Bearer {ticket}\r\n" if ticket else ""
        host = f"[{address.host}]" if ":" in address.host else address.host
        writer.write(
            f"GET {path} HTTP/1.1\r\n"
            f"Host: {host}:{address.port}\r\n{bearer}Connection: close\r\n\r\n".encode()
        )
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, *lines = head.split("\r\n")
        fields = dict(line.lower().split(":", 1) for line in lines if ":" in line)
        length = int(fields.get("content-length", "0"))
        if " 200 " not in status + " " or not 0 < length <= BODY_BYTES_MAX:
            return None
        return await reader.readexactly(length)
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            await writer.wait_closed()
