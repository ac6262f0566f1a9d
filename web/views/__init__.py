"""One file per section of the site. A view asks or does, and renders: no query of its own."""

from web.views import (
    cases,
    cycles,
    definitions,
    files,
    home,
    incidents,
    links,
    notices,
    panel,
    people,
    sessions,
    tasks,
    worklist,
)

BLUEPRINTS = tuple(
    section.blueprint
    for section in (
        home,
        sessions,
        links,
        worklist,
        tasks,
        files,
        cases,
        panel,
        cycles,
        incidents,
        notices,
        definitions,
        people,
    )
)
