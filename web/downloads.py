"""Answers that are files and no pages."""

from urllib.parse import quote

from flask import Response

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def sent(name: str, content: bytes, media_type: str, *, inline: bool = False) -> Response:
    """
    Return a file as an answer; no script in it ever runs, here or elsewhere.

    Args:
        name: It is saved under, in any language.
        content: Of the file.
        media_type: What it is; browsers do not guess.
        inline: Whether a browser may show it beside saving it.
    """
    answer = Response(content, mimetype=media_type)
    how = "inline" if inline else "attachment"
    answer.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name, safe='')}"
    # The viewer of Chromium for PDF is a plugin, and a sandbox keeps those out.
    sandbox = "" if media_type == PDF else "; sandbox"
    answer.headers["Content-Security-Policy"] = f"default-src 'none'{sandbox}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
