"""One file per section of the site. A view asks or does, and renders: no query of its own."""

from web.views import cycles, definitions, home, incidents, people, sessions

BLUEPRINTS = (
    home.blueprint,
    sessions.blueprint,
    cycles.blueprint,
    definitions.blueprint,
    incidents.blueprint,
    people.blueprint,
)
