"""TLS: the relay's own certificate, made once and kept, or one that is given."""

import datetime as dt
import hashlib
import os
import ssl
from pathlib import Path

import pytest
from cryptography import x509

from server.errors import SettingsError
from server.gateway.certificates import CERTIFICATE_NAME, KEY_NAME, LIFETIME_DAYS, load_tls
from server.settings import Settings

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
posix_only = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


def settings(folder: Path, **changes: object) -> Settings:
    return Settings(**{"data_dir": folder, "tls": True, **changes})  # type: ignore[arg-type]  # mixed on purpose


def test_tls_when_off_then_makes_nothing(tmp_path: Path) -> None:
    assert load_tls(settings(tmp_path, tls=False), NOW) is None
    assert list(tmp_path.iterdir()) == []


def test_tls_when_first_used_then_makes_a_certificate_and_keeps_it(tmp_path: Path) -> None:
    first = load_tls(settings(tmp_path), NOW)
    again = load_tls(settings(tmp_path), NOW + dt.timedelta(days=400))
    assert first is not None
    assert again is not None
    assert first.fingerprint == again.fingerprint
    made = x509.load_pem_x509_certificate((tmp_path / CERTIFICATE_NAME).read_bytes())
    assert made.not_valid_before_utc < NOW < made.not_valid_after_utc
    assert (made.not_valid_after_utc - NOW).days == LIFETIME_DAYS
    assert {path.name for path in tmp_path.iterdir()} == {CERTIFICATE_NAME, KEY_NAME}


def test_fingerprint_when_told_then_is_the_sha256_of_the_certificate(tmp_path: Path) -> None:
    tls = load_tls(settings(tmp_path), NOW)
    assert tls is not None
    pem = (tmp_path / CERTIFICATE_NAME).read_text("ascii")
    assert tls.fingerprint == hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    assert tls.context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_tls_when_a_chain_is_given_then_the_fingerprint_is_of_the_first(tmp_path: Path) -> None:
    for name in ("own", "authority"):
        (tmp_path / name).mkdir()
        load_tls(settings(tmp_path / name), NOW)
    own = tmp_path / "own"
    chain = own / "chain.pem"
    pems = [(tmp_path / name / CERTIFICATE_NAME).read_text() for name in ("own", "authority")]
    chain.write_text("".join(pems))
    given = settings(tmp_path, certificate=chain, certificate_key=own / KEY_NAME)
    tls, alone = load_tls(given, NOW), load_tls(settings(own), NOW)
    assert tls is not None
    assert alone is not None
    assert tls.fingerprint == alone.fingerprint


@posix_only
def test_key_when_made_then_only_the_owner_reads_it(tmp_path: Path) -> None:
    load_tls(settings(tmp_path), NOW)
    assert (tmp_path / KEY_NAME).stat().st_mode & 0o777 == 0o600


@posix_only
def test_key_when_everybody_can_read_it_then_is_refused(tmp_path: Path) -> None:
    load_tls(settings(tmp_path), NOW)
    (tmp_path / KEY_NAME).chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_tls(settings(tmp_path), NOW)


@pytest.mark.parametrize("only", ["certificate", "certificate_key"])
def test_tls_when_half_a_pair_is_given_then_is_refused(only: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="give both"):
        load_tls(settings(tmp_path, **{only: tmp_path / "x.pem"}), NOW)


@pytest.mark.parametrize("content", [None, "", "no certificate", "\udcff"])
def test_tls_when_the_files_are_unusable_then_is_refused_in_one_line(
    content: str | None, tmp_path: Path
) -> None:
    pair = {"certificate": tmp_path / "c.pem", "certificate_key": tmp_path / "k.pem"}
    for path in pair.values():
        if content is not None:
            path.write_text(content, "utf-8", "surrogateescape")
            path.chmod(0o600)
    with pytest.raises(SettingsError) as caught:
        load_tls(settings(tmp_path, **pair), NOW)
    assert "\n" not in str(caught.value)
