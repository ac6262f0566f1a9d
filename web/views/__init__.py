"""One file per section of the site. A view asks or does, and renders: no query of its own."""

from web.views import (
    cases,
    cycles,
    definitions,
    drafts,
    files,
    home,
    incidents,
    languages,
    links,
    notices,
    organisations,
    panel,
    people,
    profile,
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
        languages,
        worklist,
        tasks,
        drafts,
        files,
        cases,
        panel,
        cycles,
        incidents,
        notices,
        profile,
        definitions,
        people,
        organisations,
    )
)
