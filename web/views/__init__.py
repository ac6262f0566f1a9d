"""One file per section of the site. A view asks or does, and renders: no query of its own."""

from web.views import home, sessions

BLUEPRINTS = (home.blueprint, sessions.blueprint)
