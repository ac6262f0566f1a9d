"""The command line: what an administrator types, and what he is told."""

import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine import Engine, open_engine
from engine.commands.doors import ChangeActive
from engine.commands.passwords import choose_by_link
from engine.commands.people import CreateOrganisation
from engine.model.people import Organisation, Person
from engine.passwords import passwords_of
from engine.queries.people import actor_of
from engine.rules.access import SYSTEM, Grant, Role
from engine.settings import Settings
from tests.serving import started
from tests.timely import one_task
from web.cli import main
from web.serving import with_secret

GOOD = "четыре разных слова"


@pytest.fixture
def installed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Let the command line work on the database of the test."""
    for name in ("database_url", "data_dir", "password_time_cost", "password_memory_kib"):
        monkeypatch.setenv(f"TSIKL_{name.upper()}", str(getattr(settings, name)))
    return settings


def run(*words: str, typed: str = "") -> Result:
    """Type a command."""
    return CliRunner().invoke(main, list(words), input=typed)


def test_every_command_says_what_it_does() -> None:
    """The list of commands is Russian and has a line for each."""
    said = run("--help").output
    for name in main.commands:
        assert name in said
        assert run(name, "--help").exit_code == 0


# the first administrator ------------------------------------------------------------------------


def admin(**changed: str) -> list[str]:
    """Return the words that create an administrator without any question."""
    given = {
        "name": "Лаптева Анна Петровна",
        "email": "admin@kgo.example",
        "municipality": "Кировградский ГО",
        "zone": "Asia/Yekaterinburg",
        "password": GOOD,
    } | changed
    return ["create-admin", *(word for key in given for word in (f"--{key}", given[key]))]


def test_the_first_administrator_is_created(installed: Settings, engine: Engine) -> None:
    """With the municipality, its zone, the role, and a password that lets her in."""
    assert "Администратор создан: admin@kgo.example\n" == run(*admin()).output
    with engine.read() as reader:
        person = reader.one(select(Person.id, Person.password_hash))
        place = reader.one(select(Organisation.id, Organisation.zone))
        grants = actor_of(reader, person.id).grants
    assert (Grant(Role.ADMINISTRATOR, place.id),) == grants
    assert "Asia/Yekaterinburg" == place.zone
    assert passwords_of(installed).matches(person.password_hash, GOOD)


def test_a_password_is_typed_unseen(installed: Settings) -> None:
    """Asked for twice, and not shown."""
    words = admin()[:-2]
    answer = run(*words, typed=f"{GOOD}\n{GOOD}\n")
    assert answer.exit_code == 0
    assert GOOD not in answer.output


def test_a_second_administrator_joins_the_municipality(installed: Settings, engine: Engine) -> None:
    """The municipality that is there is taken, not made again."""
    engine.do(CreateOrganisation("municipality", "Кировградский ГО", "Asia/Yekaterinburg"), SYSTEM)
    assert run(*admin()).exit_code == 0
    with engine.read() as reader:
        assert 1 == len(reader.rows(select(Organisation.id)))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password": "qwerty123"}, "Пароль не подходит"),
        ({"email": "admin"}, "не похож на электронную почту"),
        ({"zone": "MSK+2"}, "Часовой пояс «MSK+2» неизвестен"),
    ],
)
def test_a_mistake_is_told_in_russian(
    installed: Settings, engine: Engine, changed: dict[str, str], sentence: str
) -> None:
    """No stack, exit code 1, and nobody was created."""
    answer = run(*admin(**changed))
    assert answer.exit_code == 1
    assert sentence in answer.output
    with engine.read() as reader:
        assert [] == reader.rows(select(Person.id))


def test_a_wrong_setting_is_named(installed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The administrator is told which variable cannot be read."""
    monkeypatch.setenv("TSIKL_PORT", "eighty")
    answer = run("tick")
    assert answer.exit_code == 1
    assert "TSIKL_PORT" in answer.output


# inviting ---------------------------------------------------------------------------------------


def test_a_link_is_printed(installed: Settings, engine: Engine) -> None:
    """Nothing else; it sets a password, also where there is one: who runs this has the database."""
    run(*admin())
    said = run("invite", " Admin@KGO.example ")
    found = re.fullmatch(r"http://127\.0\.0\.1:8000/password/(\S+)\n", said.output)
    assert found is not None
    known = open_engine(with_secret(replace(installed, secret_key="")))
    assert choose_by_link(known, found[1], "лампа берег тишина", address="", device="")
    known.close()


def test_a_link_for_nobody_is_refused(installed: Settings) -> None:
    """Exit code 2 and the address as it was typed."""
    said = run("invite", "nobody@kgo.example")
    assert (2, True) == (said.exit_code, "нет человека с адресом nobody@kgo.example" in said.output)


def test_a_link_for_a_closed_door_is_refused(installed: Settings, engine: Engine) -> None:
    """In the words of the engine."""
    run(*admin())
    with engine.read() as reader:
        person_id = reader.value(select(Person.id))
    engine.do(ChangeActive(person_id, active=False), SYSTEM)
    said = run("invite", "admin@kgo.example")
    assert (1, True) == (said.exit_code, "Сначала откройте вход" in said.output)


# processes --------------------------------------------------------------------------------------


def test_a_process_is_deployed_from_files(installed: Settings, tmp_path: Path) -> None:
    """The first diagram is the process; the same files again are the same version."""
    bundle = one_task()
    for name, content in bundle.files.items():
        (tmp_path / name).write_bytes(content)
    words = ["deploy", *(str(tmp_path / name) for name in bundle.files)]
    answers = [run(*words) for _ in range(2)]
    assert [0, 0] == [answer.exit_code for answer in answers]
    assert "загружена" in answers[0].output
    assert answers[0].output == answers[1].output


def test_a_refused_process_names_the_element(installed: Settings, tmp_path: Path) -> None:
    """The findings reach whoever deploys."""
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<!DOCTYPE x><x/>")
    answer = run("deploy", str(broken))
    assert answer.exit_code == 1
    assert "broken.bpmn" in answer.output


@pytest.mark.parametrize("names", [["nothing.bpmn"], [__file__]])
def test_what_is_no_process_is_refused(installed: Settings, names: list[str]) -> None:
    """A missing file, or files without a diagram."""
    assert run("deploy", *names).exit_code == 2


def test_the_shipped_processes_are_fit() -> None:
    """Everything that comes with the product can be deployed."""
    answer = run("check-diagrams")
    assert answer.exit_code == 0, answer.output
    assert "opeko" in answer.output


def test_a_command_is_traced_to_its_handler() -> None:
    """A newcomer finds the code of a verb by its name."""
    said = run("trace", "ClaimTask").output
    assert "ClaimTask: engine.commands.tasks:" in said
    assert "claim_task" in said


# the database -----------------------------------------------------------------------------------


def test_a_tick_says_what_it_did(installed: Settings) -> None:
    """On an empty database nothing is due."""
    answer = run("tick")
    assert answer.exit_code == 0
    assert "timers=0" in answer.output


def test_what_agrees_is_verified(installed: Settings) -> None:
    """An empty database has no difference."""
    assert "Расхождений нет.\n" == run("verify").output


def test_a_copy_is_made(sqlite_database_url: str, tmp_path: Path) -> None:
    """The copy is a database with the same tables; a second one under the same name is refused."""
    target = tmp_path / "copy.db"
    environment = {"TSIKL_DATABASE_URL": sqlite_database_url, "TSIKL_DATA_DIR": str(tmp_path)}
    answers = [CliRunner().invoke(main, ["backup", str(target)], env=environment) for _ in range(2)]
    assert [0, 1] == [answer.exit_code for answer in answers]
    with sqlite3.connect(target) as copy:
        assert ("person",) in copy.execute("SELECT name FROM sqlite_master").fetchall()


# running ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_real_command_serves_pages_and_ends_in_order(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    """`tsikl serve` answers on its address, and a request to terminate ends it without an error."""
    given = {"TSIKL_DATABASE_URL": sqlite_database_url, "TSIKL_DATA_DIR": str(tmp_path)}
    with started("serve", settings=given) as page:
        assert "Войти" in page("/sign-in")


@pytest.mark.slow
def test_only_a_trusted_proxy_is_believed(sqlite_database_url: str, tmp_path: Path) -> None:
    """The server starts with the address of the one in front of it as well."""
    given = {
        "TSIKL_DATABASE_URL": sqlite_database_url,
        "TSIKL_DATA_DIR": str(tmp_path),
        "TSIKL_TRUSTED_PROXY": "127.0.0.1",
    }
    with started("serve", "--no-scheduler", settings=given) as page:
        assert "Войти" in page("/sign-in")
