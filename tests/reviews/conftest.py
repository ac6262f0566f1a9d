"""Reviews to be stood at any task."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.review import Review, Way, closed

At = Callable[[str], Review]


@pytest.fixture(scope="session")
def way(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Way:
    """Return the usual way, played once."""
    folder = tmp_path_factory.mktemp("way")
    shutil.copyfile(sqlite_template, folder / "template.db")
    return Way(folder).play()


@pytest.fixture
def at(way: Way, tmp_path: Path) -> Iterator[At]:
    """Return a function that stands a review at a task; its rows are looked over afterwards."""
    stood: list[Review] = []

    def stand(element: str) -> Review:
        folder = tmp_path / f"{len(stood)}"
        folder.mkdir()
        stood.append(way.at(element, folder))
        return stood[-1]

    yield stand
    for review in stood:
        closed(review)
