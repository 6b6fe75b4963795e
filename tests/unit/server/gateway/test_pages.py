"""Pages say so when the database says nothing."""

from __future__ import annotations

import http
from types import SimpleNamespace
from typing import Any

import pytest
from websockets.datastructures import Headers

from server.gateway.pages import Pages
from server.gateway.replay_pages import ReplayPages
from wire.errors import ErrorCode, WireError

REPLAY_ID = "01jabcdefghjkmnpqrstvwxyz0"


class Connection:
    """What a page needs of one."""

    def __init__(self) -> None:
        self.request = SimpleNamespace(method="GET", headers=Headers(Authorization="Bearer t"))

    def respond(self, status: http.HTTPStatus, text: str) -> tuple[http.HTTPStatus, str]:
        return status, text


async def _busy(*_args: object) -> None:
    raise WireError(ErrorCode.BUSY, "the relay's database is busy")


@pytest.mark.parametrize(
    "path",
    [f"/v1/covers/{'0' * 64}.jpg", f"/v1/replays/{REPLAY_ID}.mp4", f"/v1/replays/{REPLAY_ID}.jpg"],
)
async def test_page_when_the_database_does_not_answer_then_says_to_come_again(path: str) -> None:
    replays: Any = SimpleNamespace(find_file=_busy, find_cover=_busy)
    nobody: Any = None
    pages = Pages(
        plane=nobody,
        admission=nobody,
        hub=nobody,
        store=nobody,
        is_ready=lambda: True,
        find_thumbnail=lambda _name: None,
        find_cover=_busy,
        replays=ReplayPages(replays, nobody, nobody),
        count_hashes=lambda: 0,
    )
    connection: Any = Connection()
    answer: Any = await pages.respond(connection, path)
    assert answer == (http.HTTPStatus.SERVICE_UNAVAILABLE, "the relay's database is busy\n")
