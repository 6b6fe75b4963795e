from __future__ import annotations

import pytest

from app.errors import BadInput
from app.net.rtmp.address import RtmpAddress, parse_rtmp_address, parse_stream_key


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("rtmp://a.example/live2", RtmpAddress("a.example", 1935, "live2", is_encrypted=False)),
        ("rtmps://a.example/x/y/", RtmpAddress("a.example", 443, "x/y", is_encrypted=True)),
        (" rtmp://[::1]:19/app ", RtmpAddress("::1", 19, "app", is_encrypted=False)),
        ("rtmp://h/app?a=b", RtmpAddress("h", 1935, "app?a=b", is_encrypted=False)),
    ],
)
def test_parse_when_the_address_is_good_then_its_parts_are_known(
    text: str, address: RtmpAddress
) -> None:
    assert parse_rtmp_address(text) == address
    assert parse_rtmp_address(address.url) == address


@pytest.mark.parametrize(
    "text",
    ["", "http://h/app", "rtmp://h", "rtmp://u:secretkey@h/app", "rtmp://h:x/app", "rtmp:///app"],
)
def test_parse_when_the_address_is_bad_then_the_words_do_not_repeat_it(text: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_rtmp_address(text)
    assert "secretkey" not in error.value.message


@pytest.mark.parametrize("text", ["", "two words", "k" * 501, "a\nb"])
def test_parse_key_when_it_is_none_then_it_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_stream_key(text)
    assert not text or text not in error.value.message
