"""From a refusal to a status and a page, once for all views."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException

from engine.errors import (
    Conflict,
    EngineError,
    Forbidden,
    Invalid,
    NotFound,
    TooOften,
    Unavailable,
)
from web import current
from web.languages import translated

STATUSES: Final[Mapping[type[EngineError], HTTPStatus]] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    TooOften: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

SENTENCES: Final[Mapping[int, str]] = {
    400: _("Запрос прочитать не удалось. Вернитесь на страницу и повторите."),
    404: _("Такой страницы нет, или она вам недоступна. Вернитесь к списку."),
    405: _("Так эту страницу открыть нельзя. Вернитесь к списку."),
    413: _("Отправлено слишком много данных. Сократите текст или разделите файл."),
    500: _(
        "В системе произошла ошибка, она записана в журнал. Ничего не изменено; повторите позже."
    ),
}


def add_errors(app: Flask) -> None:
    """Answer refusals of the engine, and those of HTTP itself."""
    app.register_error_handler(EngineError, refused)
    app.register_error_handler(HTTPException, failed)


def status_of(refusal: EngineError) -> HTTPStatus:
    """Return the status of the nearest class that has one."""
    found = (STATUSES[kind] for kind in type(refusal).__mro__ if kind in STATUSES)
    return next(found, HTTPStatus.BAD_REQUEST)


def sentence_of(refusal: EngineError) -> str:
    """Return the sentence of a refusal in the language of whoever asks."""
    details = {
        name: translated(detail) if isinstance(detail, str) else detail
        for name, detail in refusal.details.items()
    }
    return " ".join(translated(refusal.template()).format(**details).split())


def refused(refusal: EngineError) -> ResponseReturnValue:
    """Say a refusal with its own sentence."""
    answer = _told(status_of(refusal), sentence_of(refusal))
    if seconds := refusal.details.get("seconds"):
        answer.headers["Retry-After"] = str(seconds)
    return answer


def failed(error: HTTPException) -> ResponseReturnValue:
    """Say an error of HTTP in words; a redirect stays what it is."""
    if error.response is not None:
        return error.response
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    answer = _told(HTTPStatus(code), SENTENCES.get(code, SENTENCES[400]))
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    answer.headers.extend(kept)
    return answer


def _told(status: HTTPStatus, sentence: str) -> Response:
    """Return a page, or for htmx a message that is shown above the page as it stands."""
    if current.wants_fragment():
        answer = make_response(render_template("_toast.html", sentence=sentence), status)
        answer.headers["HX-Retarget"] = "#toasts"
        answer.headers["HX-Reswap"] = "innerHTML"
        return answer
    return make_response(render_template("error.html", sentence=sentence, status=status), status)
