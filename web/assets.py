"""
The files of the pages, read and compressed once when the application is made.

Each is served under a name that holds a part of the hash of its content, so a browser keeps it
for good and never shows a page with the style of another release.
"""

import gzip
import hashlib
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, abort, request

FOLDER = Path(__file__).parent / "static"
TEXTS = {"text/css", "text/javascript", "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it goes over the wire; ``packed`` is empty for what does not compress."""

    kind: str
    plain: bytes
    packed: bytes


def add_assets(app: Flask) -> None:
    """Serve the files below ``static/`` and let templates ask for their address by name."""
    served: dict[str, Asset] = {}
    addresses: dict[str, str] = {}
    for path in sorted(p for p in FOLDER.rglob("*") if p.suffix in {".css", ".js", ".svg", ".png"}):
        content, name = path.read_bytes(), path.relative_to(FOLDER).as_posix()
        mark = hashlib.sha256(content).hexdigest()[:12]
        addresses[name] = str(Path(name).with_suffix(f".{mark}{path.suffix}"))
        served[addresses[name]] = _asset(path, content)

    def asset(name: str) -> Response:
        """Answer with a file for good, compressed when the browser takes that."""
        return _answer(served[name] if name in served else abort(404))

    app.add_url_rule("/static/<path:name>", "asset", asset)
    app.jinja_env.globals["asset"] = lambda name: f"/static/{addresses[name]}"


def _asset(path: Path, content: bytes) -> Asset:
    kind = guess_type(path.name)[0] or "application/octet-stream"
    return Asset(kind, content, gzip.compress(content, mtime=0) if kind in TEXTS else b"")


def _answer(found: Asset) -> Response:
    zipped = bool(found.packed) and request.accept_encodings.quality("gzip") > 0
    answer = Response(found.packed if zipped else found.plain, mimetype=found.kind)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Vary"] = "Accept-Encoding"
    if zipped:
        answer.headers["Content-Encoding"] = "gzip"
    return answer
