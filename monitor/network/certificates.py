"""A certificate authority of one's own and the broker's certificate from it.

By `cryptography` (which the virtual radio's library needs anyway), not by the openssl command: that is not there on
Windows, and its options differ from version to version.
"""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.errors import NetworkError

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
except ImportError as error:
    raise NetworkError("certificates need cryptography: pip install 'crampwatch[network]'") from error

AUTHORITY_DAYS = 3650
_EARLIER = datetime.timedelta(days=1)  # clocks of gateways may be behind
_LOCAL = ("localhost", "127.0.0.1", "::1")
_USAGES = ("digital_signature", "key_cert_sign", "crl_sign")
_OTHER_USAGES = (
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM texts. ca : to be given to gateways and hubs; ca_key : to be kept away, it makes further certificates."""

    ca: bytes
    ca_key: bytes
    server: bytes
    server_key: bytes


def make_certificates(hosts: Sequence[str], days: int) -> Certificates:
    """Certificates for a broker that is called by these names and addresses, and from its own machine.

    days : until the broker's certificate expires (the authority's lasts ten years); below 0 = it has expired.
    """
    now = datetime.datetime.now(datetime.UTC)
    ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name, server_name = _name("Crampwatch broker's authority"), _name(hosts[0])
    ca = (
        _begun(ca_name, ca_name, ca_key, ca_key, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    server = (
        _begun(server_name, ca_name, server_key, ca_key, now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([_called(host) for host in dict.fromkeys([*hosts, *_LOCAL])]), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    return Certificates(ca.public_bytes(pem), _key_text(ca_key), server.public_bytes(pem), _key_text(server_key))


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signed_by: ec.EllipticCurvePrivateKey,
    now: datetime.datetime,
    days: int,
) -> x509.CertificateBuilder:
    end = now + datetime.timedelta(days=days)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, end) - _EARLIER)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key()), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _called(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in allowed for name in (*_USAGES, *_OTHER_USAGES)})


def _key_text(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
