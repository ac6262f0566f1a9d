"""
Proof that a request which changes something comes from a page of ours.

Each session has a secret; every form and every htmx request carries it, masked anew each time so
that compression gives nothing away. The browser's own word on where the request comes from is
checked as well. Before signing in, the secret lives in Flask's signed cookie.
"""

import base64
import hmac
import secrets
from urllib.parse import urlsplit

import flask

from engine.errors import PageOutdated
from web import current

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
FIELD = "csrf"
HEADER = "X-CSRF-Token"


def token() -> str:
    """Return the secret of the session, masked."""
    secret = _secret().encode()
    mask = secrets.token_bytes(len(secret))
    return base64.urlsafe_b64encode(mask + _mixed(secret, mask)).decode()


def check() -> None:
    """
    Let a safe request pass, and one that proves where it comes from.

    Raises:
        PageOutdated: It does not prove it.
    """
    if flask.request.method not in UNSAFE:
        return
    sent = flask.request.headers.get(HEADER) or flask.request.form.get(FIELD, "")
    if not (_from_here() and hmac.compare_digest(_unmasked(sent), _secret().encode())):
        raise PageOutdated


def _secret() -> str:
    if found := current.session():
        return found.csrf
    secret: str = flask.session.setdefault("csrf", secrets.token_urlsafe(32))
    return secret


def _from_here() -> bool:
    """Believe the browser: it says whether the page that sends is of the same origin."""
    request = flask.request
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    same = origin is None or urlsplit(origin).netloc == request.host
    return same and site in ("same-origin", "none")


def _mixed(text: bytes, mask: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(text, mask, strict=True))


def _unmasked(sent: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(sent.encode())
    except ValueError:
        return b""
    middle = len(raw) // 2
    return _mixed(raw[middle : 2 * middle], raw[:middle])
