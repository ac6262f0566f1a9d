"""The command line of an installation: ``tsikl --help``."""

import inspect
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from threading import Event

import click
from sqlalchemy import select

from engine import Engine, open_engine
from engine.backup import BackupFailed, back_up
from engine.bundles import of_files, shipped, shipped_names
from engine.bus import HANDLERS
from engine.clock import SystemClock
from engine.commands.definitions import DeployProcess, checked
from engine.commands.invitations import InvitePerson
from engine.commands.people import CreateOrganisation, CreatePerson, GrantRole
from engine.errors import DiagramRefused, EngineError
from engine.model.people import Organisation, Person
from engine.passwords import passwords_of, refuse_weak
from engine.process.load import Bundle
from engine.queries.consistency import differences
from engine.rehearsal.scenarios import PLAIN
from engine.rehearsal.stage import rehearse as play
from engine.rehearsal.stories import STORIES
from engine.rules.access import SYSTEM, Role
from engine.rules.names import email_of
from engine.scheduler import running, tick
from engine.settings import SettingRefused, Settings
from web.demo import is_ready, prepare
from web.migrating import migrate as upgrade
from web.rehearsing import as_json, told
from web.serving import serve as answer
from web.serving import with_secret

HOST = click.option("--host", help="Адрес, на котором отвечать; иначе TSIKL_HOST.")
PORT = click.option("--port", type=int, help="Порт, на котором отвечать; иначе TSIKL_PORT.")


def settings() -> Settings:
    """Return the settings of the installation, its secret included."""
    try:
        return with_secret(Settings.from_environment())
    except SettingRefused as problem:
        raise click.ClickException(str(problem)) from problem


@contextmanager
def opened(found: Settings | None = None) -> Iterator[Engine]:
    """Yield the engine of the installation; what it refuses is told in its own words."""
    engine = open_engine(found or settings())
    try:
        yield engine
    except EngineError as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    finally:
        engine.close()


@click.group(help="«Цикл»: экспертиза качества образования, от задачи до решения.")
@click.version_option(package_name="tsikl", prog_name="tsikl")
def main() -> None:
    """Hold the commands together."""


# running ----------------------------------------------------------------------------------------


@main.command(help="Показывать страницы и следить за сроками.")
@HOST
@PORT
@click.option("--no-scheduler", is_flag=True, help="За сроками следит другой процесс.")
def serve(host: str | None, port: int | None, *, no_scheduler: bool) -> None:
    """Serve the pages of the installation, with the scheduler beside them."""
    with opened() as engine, nullcontext() if no_scheduler else running(engine):
        _serve(engine, host, port)


def _serve(engine: Engine, host: str | None, port: int | None) -> None:
    _end_in_order()
    here, at = _place(engine.settings, host, port)
    click.echo(f"Откройте http://{here}:{at}/ (остановить: Ctrl+C)")
    answer(engine, here, at)


def _place(found: Settings, host: str | None, port: int | None) -> tuple[str, int]:
    """Return where pages are served: as the options say, else as the settings do."""
    return host or found.host, found.port if port is None else port


def _end_in_order() -> None:
    """Let a request to terminate end the process as Ctrl+C does: after the batch at hand."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


@main.command(help="Показать «Цикл» на вымышленных людях и делах; входят без пароля.")
@HOST
@PORT
def demo(host: str | None, port: int | None) -> None:
    """Serve the demo, made on the first run; it never sends mail, its links lead to itself."""
    found = replace(settings(), smtp_host="")
    if found.base_url == Settings().base_url:
        here, at = _place(found, host, port)
        found = replace(found, base_url=f"http://{here}:{at}")
    if not is_ready(found):
        click.echo("Готовлю демонстрацию: школы, людей, дела за полтора года…")
        prepare(found)
    with opened(found) as engine, running(engine):
        _serve(engine, host, port)


@main.command(help="Только следить за сроками: таймеры, напоминания, письма.")
def scheduler() -> None:
    """Run the scheduler until the process is told to end."""
    with opened() as engine, running(engine):
        _end_in_order()
        click.echo("Сроки под присмотром (остановить: Ctrl+C)")
        Event().wait()


@main.command("tick", help="Один раз сделать всё, чему пришёл срок.")
def tick_once() -> None:
    """Do what is due and say how much of it there was."""
    with opened() as engine:
        click.echo(str(tick(engine)))


# the database -----------------------------------------------------------------------------------


@main.command(help="Создать таблицы или обновить их до этого выпуска.")
def migrate() -> None:
    """Bring the database to the tables of this release."""
    upgrade(settings())
    click.echo("Таблицы готовы.")


@main.command(help="Сохранить копию базы данных в файл TARGET.")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Copy the database while it is in use."""
    with opened() as engine:
        try:
            size = back_up(engine.database, target)
        except BackupFailed as problem:
            raise click.ClickException(str(problem)) from problem
    click.echo(f"{target}: {size:,} байт".replace(",", " "))


@main.command(help="Сверить строки таблиц с состояниями дел.")
def verify() -> None:
    """Look for what does not agree; exit with 1 when something does not."""
    with opened() as engine, engine.read() as reader:
        found = differences(reader)
    for sentence in found:
        click.echo(sentence)
    if found:
        raise click.exceptions.Exit(1)
    click.echo("Расхождений нет.")


@main.command("create-admin", help="Создать администратора муниципалитета, а если надо, и его.")
@click.option("--name", prompt="Фамилия, имя, отчество", help="Фамилия, имя, отчество.")
@click.option("--email", prompt="Электронная почта", help="Адрес, с которым входят.")
@click.option("--municipality", prompt="Муниципалитет", help="Название муниципалитета.")
@click.option("--zone", prompt="Часовой пояс", default="Europe/Moscow", help="Имя из базы IANA.")
@click.password_option(prompt="Пароль", confirmation_prompt="Ещё раз", help="Лучше не указывать.")
def create_admin(name: str, email: str, municipality: str, zone: str, password: str) -> None:
    """Create whoever creates all others."""
    with opened() as engine:
        refuse_weak(password, name, email, municipality)
        hashed = passwords_of(engine.settings).hash(password)
        place = _municipality(engine, municipality, zone)
        person = engine.do(CreatePerson(name, email, hashed), SYSTEM)
        engine.do(GrantRole(person, place, Role.ADMINISTRATOR), SYSTEM)
    click.echo(f"Администратор создан: {email}")


def _municipality(engine: Engine, name: str, zone: str) -> int:
    """Return the municipality of that name, created if need be."""
    same = Organisation.name == name, Organisation.parent_id.is_(None)
    with engine.read() as reader:
        found = reader.value(select(Organisation.id).where(*same))
    return found or engine.do(CreateOrganisation("municipality", name, zone), SYSTEM)


@main.command(help="Пригласить человека: показать ссылку, по которой EMAIL задаст пароль.")
@click.argument("email")
def invite(email: str) -> None:
    """Print the link. Whoever holds it sets the password, also where there is one already."""
    with opened() as engine:
        click.echo(engine.do(InvitePerson(_person(engine, email)), SYSTEM))


def _person(engine: Engine, email: str) -> int:
    with engine.read() as reader:
        found: int | None = reader.value(select(Person.id).where(Person.email == email_of(email)))
    if found is None:
        raise click.BadParameter(f"нет человека с адресом {email}", param_hint="EMAIL")
    return found


# processes --------------------------------------------------------------------------------------


@main.command(help="Загрузить схему: имя из поставки или файлы .bpmn, .dmn, .json.")
@click.argument("names", nargs=-1, required=True)
def deploy(names: tuple[str, ...]) -> None:
    """Deploy one process: of the product by its name, or of files, the first diagram being it."""
    bundle = _bundle(names)
    with opened() as engine:
        definition_id = engine.do(DeployProcess(bundle), SYSTEM)
        version = engine.definitions.get(definition_id).definition
    click.echo(f"Схема «{version.processes[0]}» загружена: {version.version[:12]}")


def _paths(names: Sequence[str]) -> list[Path]:
    paths = [Path(name) for name in names]
    if missing := [str(path) for path in paths if not path.is_file()]:
        raise click.BadParameter(f"нет файла {', '.join(missing)}")
    if not any(path.suffix == ".bpmn" for path in paths):
        raise click.BadParameter("среди файлов нет схемы .bpmn")
    return paths


@main.command("check-diagrams", help="Проверить все схемы, таблицы и формы поставки.")
def check_diagrams() -> None:
    """Check what comes with the product; exit with 1 when something is refused."""
    refused = False
    for name in shipped_names():
        try:
            version = checked(shipped(name))
        except DiagramRefused as refusal:
            refused = True
            for finding in refusal.findings:
                click.echo(f"{name}: {finding.element}: {finding.sentence}")
        else:
            click.echo(f"{name}: {len(version.definition.nodes)} элементов, годится")
    if refused:
        raise click.exceptions.Exit(1)


@main.command(help="Прорепетировать цикл CYCLE: имя из поставки или файлы схемы.")
@click.argument("cycle", nargs=-1, required=True)
@click.option(
    "--json", "as_objects", is_flag=True, help="По объекту JSON в строке, последним итог."
)
@click.option("--scenario", "name", default="", help="Что идёт не как обычно; см. --list.")
@click.option("--seed", default=1, show_default=True, help="Другое число — другие случайности.")
@click.option("--begin", type=click.DateTime(["%Y-%m-%d"]), help="День начала; иначе 20 мая.")
@click.option("--list", "only_list", is_flag=True, help="Перечислить сценарии.")
def rehearse(
    cycle: tuple[str, ...],
    name: str,
    seed: int,
    begin: datetime | None,
    *,
    as_objects: bool,
    only_list: bool,
) -> None:
    """Play a cycle through with invented people; exit with 1 when it comes to a dead end."""
    scenarios = STORIES.get(cycle[0], {"plain": PLAIN})
    if only_list:
        for key, scenario in scenarios.items():
            click.echo(f"{key:<12} {scenario.title}")
        return
    if name and name not in scenarios:
        raise click.BadParameter(f"сценарии: {', '.join(scenarios)}", param_hint="--scenario")
    chosen = scenarios[name or next(iter(scenarios))]
    day = begin.date() if begin else _next_may(SystemClock().now().date())
    try:
        found = play(_bundle(cycle), chosen, day, seed)
    except DiagramRefused as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    for line in as_json(found) if as_objects else told(found):
        click.echo(line)
    if found.dead_ends:
        raise click.exceptions.Exit(1)


def _next_may(today: date) -> date:
    """Return the day on which the next cycle may begin by hand: shortly before the calendar's."""
    return date(today.year + (today >= date(today.year, 5, 20)), 5, 20)


def _bundle(names: Sequence[str]) -> Bundle:
    """Return a process of the product by its name, or that of files."""
    by_name = len(names) == 1 and names[0] in shipped_names()
    return shipped(names[0]) if by_name else of_files(_paths(names))


@main.command(help="Показать, где и как выполняется команда NAME; без имени — все команды.")
@click.argument("name", default="")
def trace(name: str) -> None:
    """Print handlers of commands: where they stand and what they do."""
    for kind, handler in sorted(HANDLERS.items(), key=lambda item: item[0].__name__):
        if name in ("", kind.__name__):
            line = inspect.getsourcelines(handler)[1]
            click.echo(f"{kind.__name__}: {handler.__module__}:{line} {handler.__name__}")
            click.echo(f"    {inspect.getdoc(kind)}")
