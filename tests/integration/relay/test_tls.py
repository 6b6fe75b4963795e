"""TLS on the relay's port, and what the command line refuses without it."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import stat
import subprocess
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support.raw_sockets import RawPeer, handshake
from tests.support.relay_clients import PublisherClient, control, opened, subscriber
from tests.support.relay_process import ROOT, RelayProcess, running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import CONTROL_PATH, PUBLISH_PATH, media_commands
from wire.media_packet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    with running_relay(tmp_path_factory.mktemp("tls") / "data", arguments=("--tls",)) as process:
        yield process


def _trusting() -> ssl.SSLContext:
    """A pinned certificate needs no authority: the fingerprint is compared after the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _fingerprint(relay: RelayProcess) -> str:
    async with opened(relay.url, CONTROL_PATH, tls=_trusting()) as socket:
        tls = socket.transport.get_extra_info("ssl_object")
        return hashlib.sha256(tls.getpeercert(binary_form=True)).hexdigest()


async def test_viewer_when_the_pin_is_right_then_gets_every_packet_over_tls(
    secure: RelayProcess,
) -> None:
    assert secure.url.startswith("wss://")
    assert await _fingerprint(secure) == secure.ready["fingerprint"]
    media = SyntheticMedia()
    async with AsyncExitStack() as stack:
        viewer = await stack.enter_async_context(
            subscriber(secure.url, secure.room_id, tls=_trusting())
        )
        socket = await stack.enter_async_context(opened(secure.url, PUBLISH_PATH, tls=_trusting()))
        source = PublisherClient(socket)
        stack.push_async_callback(source.close)
        await source.say(
            media_commands.Publish(
                room_id=secure.room_id,  # type: ignore[arg-type]  # plain text here
                tracks=media.tracks,
                publish_key=secure.publish_key,
            )
        )
        await source.stream(media, 130)
        await viewer.wait_for_sequence(Kind.VIDEO, 129)
        await viewer.wait_for_sequence(Kind.AUDIO, media.sounds - 1)
        assert [packet.sequence for packet in viewer.video] == list(range(130))
        guest = await stack.enter_async_context(control(secure.url, tls=_trusting()))
        await guest.join(secure.room_id)


async def test_certificate_when_the_relay_starts_again_then_keeps_its_pin(tmp_path: Path) -> None:
    with running_relay(tmp_path / "data", arguments=("--tls",)) as relay:
        pin = relay.ready["fingerprint"]
        relay.stop()
        relay.start()
        assert relay.ready["fingerprint"] == pin
        assert await _fingerprint(relay) == pin
        keys = list((tmp_path / "data").glob("*key*.pem"))
        assert keys
        assert all(stat.S_IMODE(key.stat().st_mode) == 0o600 for key in keys)
    with running_relay(tmp_path / "other", arguments=("--tls",)) as other:
        assert other.ready["fingerprint"] != pin
        assert await _fingerprint(other) != pin, "a pinning client tells them apart"


async def test_client_when_it_trusts_authorities_alone_then_refuses_the_certificate(
    secure: RelayProcess,
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        async with opened(secure.url, CONTROL_PATH, tls=ssl.create_default_context()):
            pass


@pytest.mark.parametrize(
    "data", [b"", b"GET / HTTP/1.1\r\n\r\n", bytes(200)], ids=["nothing", "plain http", "zeros"]
)
async def test_peer_when_it_speaks_no_tls_then_is_closed_and_others_go_on(
    data: bytes, secure: RelayProcess
) -> None:
    lines_before = secure.log().count("\n")
    peer = await RawPeer.connect(secure.port)
    try:
        if data:
            await peer.send(data)
            said = await peer.read_to_end(timeout_s=20)
            assert not said.startswith(b"HTTP")
        assert await _fingerprint(secure) == secure.ready["fingerprint"]
    finally:
        await peer.close()
    assert secure.log().count("\n") - lines_before <= 10
    assert "Traceback" not in secure.log()


async def test_old_tls_when_offered_alone_then_is_refused(secure: RelayProcess) -> None:
    context = _trusting()
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        async with opened(secure.url, CONTROL_PATH, tls=context):
            pass


async def test_plain_websocket_when_sent_to_the_tls_port_then_gets_nothing(
    secure: RelayProcess,
) -> None:
    peer = await RawPeer.connect(secure.port)
    try:
        await peer.send(handshake(secure.port, CONTROL_PATH))
        assert b"101" not in await peer.read_to_end(timeout_s=20)
    finally:
        await peer.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--host", "0.0.0.0", "--no-tls"), "plain ws on 0.0.0.0"),
        (("--host", "::", "--no-tls"), "plain ws on ::"),
        (("--certificate", "missing.pem"), "belong together"),
        (("--port", "99999"), "--port"),
    ],
)
async def test_start_when_it_cannot_be_right_then_is_one_clear_line(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    code, said = await asyncio.to_thread(_run_relay, tmp_path / "data", *arguments)
    assert code == 2
    assert words in said
    assert said.startswith("livehouse-relay: ")
    assert said.count("\n") == 1


async def test_start_when_the_port_is_taken_then_is_one_clear_line(
    secure: RelayProcess, tmp_path: Path
) -> None:
    code, said = await asyncio.to_thread(_run_relay, tmp_path / "data", "--port", str(secure.port))
    assert code == 1
    assert said.splitlines()[-1].startswith("livehouse-relay: port ")
    assert "Traceback" not in said


async def test_start_when_another_relay_has_the_data_folder_then_is_one_clear_line(
    secure: RelayProcess,
) -> None:
    code, said = await asyncio.to_thread(_run_relay, secure.data_dir, "--port", "0")
    assert code != 0
    assert said.startswith("livehouse-relay: ")
    assert said.count("\n") == 1


def _run_relay(data_dir: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and standard error of a relay that ends by itself."""
    ended = subprocess.run(
        [sys.executable, "-m", "server", "run", "--data-dir", str(data_dir), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    return ended.returncode, ended.stderr
