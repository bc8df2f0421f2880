"""DKIM signatures for tests, made by dkimpy with a key that is made once."""

import base64
import functools

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.dns_zone import text

SELECTOR = "s1"


@functools.cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def key_record() -> list[str]:
    """The TXT record under SELECTOR._domainkey.DOMAIN."""
    public = _key().public_key()
    data = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return [text(f"v=DKIM1; k=rsa; p={base64.b64encode(data).decode()}")]


def signed(
    raw: bytes,
    domain: str,
    *,
    canonicalise: tuple[bytes, bytes] = (b"relaxed", b"relaxed"),
    headers: tuple[bytes, ...] | None = None,
    length: bool = False,
) -> bytes:
    """The mail with a signature of this domain above it."""
    pem = _key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    mail = dkim.DKIM(raw)
    signature = mail.sign(
        SELECTOR.encode(), domain.encode(), pem, canonicalize=canonicalise, include_headers=headers, length=length
    )
    return bytes(signature) + raw
