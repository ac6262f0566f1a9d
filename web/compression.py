"""
Pages travel compressed: for a phone in a village that is the difference.

What an attacker could guess from the length of a compressed page, the secret against forged
requests, is masked anew on every page (`web.csrf`), so its length tells nothing.
"""

import gzip
from typing import Final

from flask import Flask, Response, request

LEAST: Final = 1_000
"""Bytes below which packing costs more than it saves."""
LEVEL: Final = 5


def add_compression(app: Flask) -> None:
    """Compress every page for the browsers that take it."""

    @app.after_request
    def pack(answer: Response) -> Response:
        """Leave small answers, files and what is packed already."""
        if answer.mimetype != "text/html" or answer.is_streamed or answer.content_encoding:
            return answer
        answer.vary.add("Accept-Encoding")
        page = answer.get_data()
        if len(page) >= LEAST and request.accept_encodings.quality("gzip") > 0:
            answer.set_data(gzip.compress(page, LEVEL, mtime=0))
            answer.content_encoding = "gzip"
        return answer
