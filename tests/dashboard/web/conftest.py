"""What the page's tests share; all of them need aiohttp, those of the page itself a Chromium."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("aiohttp", reason="the page needs aiohttp: pip install 'crampwatch[web]'")

from browser import CHROMIUM, Tab, browser
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    """One Chromium for all tests of a file."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with asyncio.Runner() as runner:
        opened = browser("--autoplay-policy=user-gesture-required", "--ignore-certificate-errors")
        page = runner.run(opened.__aenter__())
        try:
            runner.run(page.looks(390, 844))
            yield Tab(runner, page)
        finally:
            runner.run(opened.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for loopback that it signs itself, and its key."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).add_extension(names, critical=False)
    made = made.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    cert = made.sign(key, hashes.SHA256())
    (folder / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    """A password that only its owner can read."""
    path = tmp_path / "password"
    path.write_text("wet grass 2026\n")
    path.chmod(0o600)
    return path
