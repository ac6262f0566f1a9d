"""A form with a field of every kind, and what a browser sends of it while somebody types."""

import io
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from engine import open_engine
from engine.clock import FrozenClock
from engine.settings import Settings
from tests.drawn import TWO, with_form
from tests.town import Town
from tests.web.pages.browser import Browser, Page
from tests.web.pages.conftest import Settled, Site

HTMX: Final = {"HX-Request": "true"}
PDF: Final = b"%PDF-1.7"


def _one(kind: str, key: str, label: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "label": label, **more}


def _options(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in pairs]


SCALE: Final = _options(("0", "0 — нет"), ("1", "1 — частично"), ("2", "2 — да"), ("na", "Н/П"))
ITEMS: Final = _options(("rule", "Положение"), ("order", "Приказ"))
RICH: Final = {
    "id": "answer",
    "properties": {"title": "Проверка"},
    "components": [
        _one("number", "members", "Членов"),
        _one("number", "present", "Присутствовало"),
        _one(
            "expression",
            "share",
            "Явка, %",
            expression="percent(present, members)",
            decimalDigits=1,
        ),
        {"type": "separator"},
        _one(
            "taglist", "tags", "Классы", values=_options(*((str(n), f"{n}А") for n in range(1, 12)))
        ),
        _one(
            "dynamiclist",
            "staff",
            "Кто",
            components=[
                _one("textfield", "name", "Имя", validate={"required": True}),
                _one("number", "hours", "Часы"),
            ],
        ),
        _one("expression", "hours", "Часов всего", expression="sum(staff.hours)"),
        _one("criteria", "marks", "Критерии", values=SCALE, properties={"items": ITEMS}),
        _one("evidence", "list", "Чек-лист", properties={"items": ITEMS}),
        _one("filepicker", "files", "Файлы"),
    ],
}


@dataclass
class Filling:
    """A deputy director at a task with the rich form, in a browser."""

    site: Site
    task: int
    browser: Browser

    def open(self) -> Page:
        """Open the task, also again."""
        return self.browser.open(f"/tasks/{self.task}")

    @property
    def page(self) -> Page:
        """Return the page that is open."""
        assert self.browser.page is not None
        return self.browser.page

    @property
    def token(self) -> str:
        """Return the proof that a request comes from a page of ours."""
        return str(self.page.find("input[name=csrf]")[0].get("value"))

    def value(self, name: str) -> str:
        """Return what stands in a control of the page."""
        (form,) = (one for one in self.page.tree.forms if one.get("id") == "form")
        return str(form.fields.get(name) or "").strip()

    def send(self, path: str, *, htmx: bool = True, **fields: Any) -> TestResponse:
        """Send something as the script of the page does; double underscores are dots."""
        named = {key.replace("__", "."): value for key, value in fields.items()}
        data = {"csrf": self.token, **{key: _files(value) for key, value in named.items()}}
        # Encoded here: the test client would leave its own file open behind a large one.
        boundary, body = encode_multipart(data)
        kind = f"multipart/form-data; boundary={boundary}"
        headers = {**(HTMX if htmx else {}), "Content-Type": kind}
        return self.browser.client.post(f"/tasks/{self.task}{path}", data=body, headers=headers)

    def upload(self, field: str, name: str, content: bytes = PDF) -> TestResponse:
        """Send a file as the script does when it is chosen."""
        return self.send(f"/field/{field}/file", file=(io.BytesIO(content), name))


def _files(value: Any) -> Any:
    """Return a value with files made of their contents and names."""
    if isinstance(value, list):
        return [_files(one) for one in value]
    return FileStorage(value[0], value[1]) if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Rich:
    """An SQLite file with the town and a task with the rich form in it, to be copied."""

    path: Path
    task: int


def rich_town(settled: Settled, folder: Path) -> Rich:
    """Return the file; deploying a process takes longer than most tests."""
    path = shutil.copyfile(settled.path, folder / "rich.sqlite3")
    settings = Settings(database_url=f"sqlite:///{path}", secret_key="of tests")
    engine = open_engine(settings, FrozenClock(datetime(2026, 11, 25, 6, 0, tzinfo=UTC)))
    town = Town(engine, settled.town.organisations, settled.town.people)
    case = town.case(town.cycle(with_form(TWO, "answer", orjson.dumps(RICH))))
    found = Rich(path, town.task(case, "first"))
    engine.close()
    return found


def filling(site: Site, rich: Rich, who: str = "deputy.school") -> Filling:
    """Return somebody who fills in the rich form."""
    found = Filling(site, rich.task, site.enter(who))
    found.open()
    return found
