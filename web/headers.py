"""What a browser is told with every answer: what a page may load, and how long it may be kept."""

from typing import Final

from flask import Flask, Response, request

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add_headers(app: Flask, *, secure: bool) -> None:
    """Put the headers on every answer, errors and files included."""

    @app.after_request
    def protect(answer: Response) -> Response:
        """Add what a view has not set itself."""
        for name, value in ALWAYS.items():
            answer.headers.setdefault(name, value)
        if secure:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"
        if answer.mimetype == "text/html":
            _keep_private(answer)
        return answer


def _keep_private(answer: Response) -> None:
    """Let nobody else keep a page, and nobody take a fragment for the page of its address."""
    fragment = request.headers.get("HX-Request") == "true"
    answer.headers["Cache-Control"] = "no-store" if fragment else "private, no-cache"
    answer.vary.update(["Cookie", "HX-Request"])
