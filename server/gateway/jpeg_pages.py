"""A JPEG as the answer to a GET."""

from __future__ import annotations

import http
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from websockets.http11 import Response

    from server.gateway.connection import RelayConnection


def respond_jpeg(connection: RelayConnection, jpeg: bytes, caching: str) -> Response:
    response = connection.respond(http.HTTPStatus.OK, "")
    response.body = jpeg
    for header, value in (
        ("Content-Type", "image/jpeg"),
        ("Content-Length", str(len(jpeg))),
        ("Cache-Control", caching),
        ("X-Content-Type-Options", "nosniff"),
    ):
        if header in response.headers:
            del response.headers[header]
        response.headers[header] = value
    return response
