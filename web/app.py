"""The application: the pages over one engine."""

from flask import Flask, get_flashed_messages
from flask_babel import lazy_gettext
from markupsafe import Markup
from werkzeug.routing import IntegerConverter, Map

from engine import Engine
from engine.queries.cases import STATUS_NAMES
from engine.rules.numbers import written
from web import csrf, current, prose, words
from web.assets import add_assets
from web.auth import add_auth
from web.compression import add_compression
from web.diagram import NOTHING
from web.errors import add_errors
from web.headers import add_headers
from web.languages import add_languages, role_names
from web.menu import menu
from web.noticing import add_noticing
from web.requests import Request
from web.uploads import add_uploads
from web.views import BLUEPRINTS

MOST_BYTES = 20_000_000
"""The largest request; a form of our largest table stays well below."""

PRODUCT = "Цикл"
"""The name is the same in every language."""

LARGEST_KEY = 2**63 - 1
"""No column takes more."""


def create_app(engine: Engine) -> Flask:
    """
    Return the WSGI application of an engine.

    The engine outlives it; nothing is started here, neither threads nor the scheduler.
    """
    settings = engine.settings
    app = Flask("web", static_folder=None)
    app.request_class = Request
    app.extensions["engine"] = engine
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-tsikl-page" if settings.secure_cookies else "tsikl-page",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        MAX_FORM_PARTS=20_000,
    )
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = KeyConverter
    app.jinja_options = {"trim_blocks": True}
    add_compression(app)
    add_headers(app, secure=settings.secure_cookies)
    add_assets(app)
    add_languages(app)
    add_uploads(app)
    add_auth(app)
    add_errors(app)
    add_noticing(app)
    add_vocabulary(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


class KeyConverter(IntegerConverter):
    """A number in an address, no larger than a key of any table can be."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_KEY)


def add_vocabulary(app: Flask) -> None:
    """Give templates the words they speak, and what stands on every page."""
    app.jinja_env.globals.update(
        csrf=csrf.token,
        csrf_field=csrf_field,
        told=get_flashed_messages,
        capital=words.capital,
        counted=words.counted,
        initials=words.initials,
        prose=prose.html_of,
        days=words.days,
        written=written,
        plural=words.plural,
        day=words.day,
        moment=words.moment,
        time_of=words.time_of,
        deadline=words.deadline,
        school_year=words.school_year,
        NO_MARK=NOTHING,
        PRODUCT=PRODUCT,
        STATUS_NAMES={key: lazy_gettext(name) for key, name in STATUS_NAMES.items()},
    )

    @app.context_processor
    def around() -> dict[str, object]:
        """Return who is there and where he may go."""
        found = current.session()
        now = current.engine().now()
        if found is None:
            return {"person": None, "now": now}
        names = role_names()
        roles = sorted({names[grant.role] for grant in current.actor().grants})
        return {"person": found, "now": now, "roles": roles, "menu": menu()}


def csrf_field() -> Markup:
    """Return the hidden field that every form which changes something carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, csrf.token())
