"""The command line. Django is loaded only by the commands that need it, and only when they run.

Exit codes: 0 well, 1 something is wrong with what was asked about, 2 wrong usage, 3 the database cannot be used,
4 the port is taken, 130 interrupted.
"""

import importlib.util
import json
import os
import signal
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID
from zoneinfo import available_timezones

import typer

from zhiren.plumbing import postgres

if TYPE_CHECKING:  # for its types alone: the readers of résumés are heavy
    from zhiren.resumes import Resume

SOMETHING_WRONG, DATABASE_UNUSABLE, PORT_TAKEN, INTERRUPTED = 1, 3, 4, 130
MIGRATION_LOCK = 0x5A68_6972_656E  # "Zhiren": of two processes that migrate at once, the second waits
LOCAL = "127.0.0.1"
HEALTH_SECONDS = 10
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200

app = typer.Typer(
    name="zhiren",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Zhiren, an open HR system you run yourself.",
)

imports = typer.Typer(no_args_is_help=True, help="Bring in what lies on this machine.")
app.add_typer(imports, name="import")
attendance = typer.Typer(no_args_is_help=True, help="Punches and the days they come to.")
app.add_typer(attendance, name="attendance")
train = typer.Typer(no_args_is_help=True, help="Teach a model with data of your own.")
app.add_typer(train, name="train")


def main() -> None:
    """Run the command line; a database that cannot be used is one sentence and exit code 3."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiren.site.settings")
    try:
        app()
    except postgres.DatabaseUnavailable as error:
        typer.echo(f"zhiren: {error}", err=True)
        sys.exit(DATABASE_UNUSABLE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


Host = Annotated[str, typer.Option(help="Address to listen on. 0.0.0.0 listens on every one.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Processes = Annotated[int, typer.Option(min=1, max=64, help="Number of web processes.")]


class Engine(StrEnum):
    """Who runs the parts of a computation."""

    LOCAL = "local"
    RAY = "ray"
    SPARK = "spark"


@app.command()
def up(host: Host = LOCAL, port: Port = 8000, web_processes: Processes = 1) -> None:
    """Start everything: database, migrations, web and worker, in this terminal, until Ctrl-C."""
    _run_all(host, port, web_processes, with_demo=False)


@app.command()
def demo(host: Host = LOCAL, port: Port = 8000) -> None:
    """Start everything with a made-up company, in a data folder of its own; no mail leaves the machine."""
    _use_demo_folder()
    _run_all(host, port, 1, with_demo=True)


@app.command()
def worker() -> None:
    """Do the background work: deliver events, send mail, keep time. Any number may run."""
    with _django():
        from zhiren.plumbing import jobs

        jobs.run_worker()


@app.command()
def migrate() -> None:
    """Bring the database's tables up to this version. Safe to run again."""
    with _django(needs_tables=False):
        from django.core.management import call_command
        from django.db import connection

        from zhiren.site import launch

        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # a migration may take as long as it needs
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            try:
                call_command("migrate", interactive=False, verbosity=1)
                launch.write_note("django_migrations", launch.migrations_on_disk())
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


@app.command()
def parse(
    files: Annotated[list[Path], typer.Argument(help="Résumés, or folders of them.", metavar="FILE...")],
    lines: Annotated[bool, typer.Option("--lines", help="One line of JSON per file, also for one.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Where each value comes from, for people.")] = False,
) -> None:
    """Print what can be read from résumés as JSON Resume: one object, or an array of them. Needs no database.

    Of a folder every file counts, except hidden ones. What cannot be read is named on stderr, and the exit code is 1.
    """
    from zhiren.resumes import check, table_of, to_jsonresume

    today = datetime.now(tz=UTC).date()
    paths = [path for given in files for path in _files_of(given)]
    many = len(paths) != 1 or any(given.is_dir() for given in files)
    printed = 0
    for path in paths:
        resume = _parsed(path)
        if resume is None:
            continue
        printed += 1
        if explain:
            sentences = [finding.sentence() for finding in check(resume, on=today)]
            typer.echo(("\n" if printed > 1 else "") + f"{path}\n{table_of(resume, sentences)}")
            continue
        document = to_jsonresume(resume, on=today)
        document["meta"]["x-zhiren"]["file"] = str(path)
        if lines:
            typer.echo(json.dumps(document, ensure_ascii=False))
        else:
            opening = "" if not many else "[\n" if printed == 1 else ",\n"
            typer.echo(opening + json.dumps(document, ensure_ascii=False, indent=2), nl=not many)
    if many and not lines and not explain:
        typer.echo("\n]" if printed else "[]")
    if printed < len(paths):
        raise typer.Exit(SOMETHING_WRONG)


def _files_of(path: Path) -> list[Path]:
    """Return a file by itself, and of a folder all files in it and below, hidden ones left out."""
    if not path.is_dir():
        return [path]
    inside = [found for found in path.rglob("*") if found.is_file()]
    return sorted(found for found in inside if not any(part.startswith(".") for part in found.relative_to(path).parts))


def _parsed(path: Path) -> "Resume | None":
    """Return what a file says; None, and a line on stderr, if it cannot be read."""
    from zhiren.resumes import MAX_FILE_BYTES, REASONS, Unreadable, parse_safely

    try:
        with path.open("rb") as file:
            return parse_safely(file.read(MAX_FILE_BYTES + 1), path.name)  # one more tells that it is too large
    except OSError as error:
        typer.echo(f"{path}: {error.strerror}", err=True)
    except Unreadable as error:
        typer.echo(f"{path}: {REASONS[error.reason]} ({error.reason.value})", err=True)
    return None


@imports.command("resumes")
def import_resumes(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder with résumés, also in folders below it and in ZIPs.", exists=True, file_okay=False),
    ],
    opening: Annotated[str, typer.Option(help="The opening they are for: its short name in addresses, or its id.")],
    as_user: Annotated[
        str, typer.Option("--as", help="Address of the user who brings them in; the system, if not given.")
    ] = "",
) -> None:
    """Read a folder of résumés into an opening. Safe to interrupt and to run again: no file is taken twice."""
    with _django():
        from zhiren.kernel.refusals import NotFound
        from zhiren.plumbing import clock
        from zhiren.recruiting import folders

        actor = _acting(as_user)
        try:
            found = folders.find_opening(actor, opening)
        except NotFound as error:
            raise typer.BadParameter(
                f"there is no opening {opening} to be filled by them", param_hint="--opening"
            ) from error
        summary = folders.Summary()
        paths = folders.files_in(folder)
        steps = folders.bring_in(actor=actor, opening_id=found.pk, paths=paths, now=clock.now, summary=summary)
        with typer.progressbar(steps, length=len(paths), label="Reading", show_pos=True, file=sys.stderr) as shown:
            for _path in shown:
                pass
    for path, why in summary.left:
        typer.echo(f"{path}: {why}", err=True)
    typer.echo(
        f"{summary.looked_at} files: {summary.candidates} new candidates, {summary.known} known already,"
        f" {summary.tasks} waiting for somebody to look, {summary.again} brought in before."
    )
    if summary.left:
        raise typer.Exit(SOMETHING_WRONG)


@imports.command("punches")
def import_punches(
    file: Annotated[Path, typer.Argument(help="attlog.dat, CSV, XLSX or XLS.", exists=True, dir_okay=False)],
    zone: Annotated[str, typer.Option(help="Zone of its clock: Asia/Shanghai. The company's, if not given.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Import it; else it is only shown what is in it.")] = False,
    as_user: Annotated[
        str, typer.Option("--as", help="Address of the user who brings it in; the system, if not given.")
    ] = "",
) -> None:
    """Show what is in a file of punches, or import it. Safe to interrupt and to run again: a known punch stays one."""
    if zone and zone not in available_timezones():
        raise typer.BadParameter(f"{zone} is not a time zone", param_hint="--zone")
    with _django():
        from zhiren.attendance import import_queries, importing, jobs
        from zhiren.kernel.refusals import Refusal
        from zhiren.plumbing import clock

        actor = _acting(as_user)
        try:
            row = importing.start_import(actor=actor, at=clock.now(), name=file.name, data=file.read_bytes(), zone=zone)
            row = importing.look(import_id=row.pk, at=clock.now())  # a large one, too, is looked at here
            shown = import_queries.shown_of(row)
            if row.problem:
                typer.echo(f"zhiren: {file} cannot be read: {row.problem}", err=True)
                raise typer.Exit(SOMETHING_WRONG)
            typer.echo(f"{row.lines} lines: {row.punches} punches, {row.rejected} that are none")
            for doubt in shown.get("doubts", ()):
                typer.echo(f"zhiren: it must be said first, on the page of this file: {doubt}", err=True)
            if yes:
                importing.begin_import(actor=actor, at=clock.now(), import_id=row.pk)
        except Refusal as error:
            typer.echo(f"zhiren: {error}", err=True)
            raise typer.Exit(SOMETHING_WRONG) from error
        if not yes:
            return
        reading = importing.reading_of(row.pk)
        while reading and importing.take_some(import_id=row.pk, reading=reading, at=clock.now()):
            pass
        jobs.compute_dirty.defer()
        row = import_queries.import_by_id(row.pk)
    typer.echo(f"{row.new} new, {row.known} known before, {row.of_nobody} of nobody yet. The worker computes the days.")


@attendance.command("compute")
def compute_attendance(
    period: Annotated[str, typer.Option(help="The month: 2026-10.")] = "",
    entity: Annotated[str, typer.Option(help="One legal entity, by its name or id; everybody, if not given.")] = "",
    folder: Annotated[
        Path | None, typer.Option("--from", help="Folder with buckets of Parquet files, instead of the database.")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="Folder for the days of each bucket, with --from.")] = None,
    engine: Annotated[Engine, typer.Option(help="Who runs the parts.")] = Engine.LOCAL,
    workers: Annotated[
        int, typer.Option(min=1, max=256, help="How many at a time; as many as processors, if not given.")
    ] = os.cpu_count() or 1,
    again: Annotated[bool, typer.Option("--again", help="Begin anew, where an earlier one was not finished.")] = False,
    marked: Annotated[
        bool, typer.Option("--marked", help="Only days that something touched and the worker has not come to yet.")
    ] = False,
) -> None:
    """Compute everybody's days of a month anew and store what changed, or days from Parquet files without a database.

    Ctrl-C stops once what is being computed is stored; the same command goes on from there.
    """
    if bool(folder) != bool(to):
        raise typer.BadParameter("--from and --to go together")
    if folder and (period or entity):
        raise typer.BadParameter("files say themselves which days and whose; leave --period and --entity away")
    if marked and (folder or again):
        raise typer.BadParameter("it goes with --period alone, or with --entity", param_hint="--marked")
    month = _month_of(period)
    if not folder and not month:
        raise typer.BadParameter("give a month, such as 2026-10", param_hint="--period")
    needed = {Engine.RAY: ["ray"], Engine.SPARK: ["pyspark"]}.get(engine, [])
    for package in [*needed, *(["pyarrow"] if folder else [])]:
        if importlib.util.find_spec(package) is None:
            hint = "--engine" if package in needed else "--from"
            raise typer.BadParameter(f"the Python package {package} is not installed", param_hint=hint)
    if importlib.util.find_spec("numba") is None:
        _tell("numba is not installed, so the rules run as they stand, some forty times slower, to the same result.")
    if folder and to:
        _compute_files(folder, to, engine, workers, again=again)
    elif month:
        with _django():
            _compute_stored(month, entity, engine, workers, again=again, marked=marked)


@attendance.command("export")
def export_attendance(
    period: Annotated[str, typer.Option(help="The month: 2026-10.")],
    to: Annotated[Path, typer.Option(help="Folder for the files; it must not be there yet, or be empty.")],
    entity: Annotated[str, typer.Option(help="One legal entity, by its name or id; everybody, if not given.")] = "",
) -> None:
    """Write what everybody's days of a month are computed from as Parquet files: `compute --from` reads them.

    Keep them to yourself: they tell when people came and went. Days that are not over are left out.
    """
    month = _month_of(period)
    if not month:
        raise typer.BadParameter("give a month, such as 2026-10", param_hint="--period")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise typer.BadParameter(f"{to} is there already, and not empty", param_hint="--to")
    if importlib.util.find_spec("pyarrow") is None:
        raise typer.BadParameter("the Python package pyarrow is not installed", param_hint="--to")
    with _django():
        from zhiren.attendance import framing
        from zhiren.kernel.actors import Actor
        from zhiren.plumbing import clock

        actor, entity_id = Actor.system("attendance"), _entity_of(entity)
        done = None
        with _stopping() as is_stopped:
            steps = framing.write_month(actor=actor, at=clock.now(), month=month, to=to, entity_id=entity_id)
            try:
                for done in steps:
                    typer.echo(f"{done.people} of {done.of} people: {done.punches} punches")
                    if is_stopped() and done.people < done.of:
                        steps.close()
                        _tell("stopped: nothing was left behind.")
                        raise typer.Exit(INTERRUPTED)
            except OSError as error:
                _tell(f"{to} cannot be written: {error.strerror or error}")
                raise typer.Exit(SOMETHING_WRONG) from error
    if done is None:
        _tell("nobody was employed in this month; nothing was written.")
        raise typer.Exit(SOMETHING_WRONG)
    typer.echo(f"Written to {to}. Compute with: zhiren attendance compute --from {to} --to FOLDER")


def _entity_of(entity: str) -> UUID | None:
    """Return which legal entity a name or an id means; None for no words.

    Raises:
        BadParameter: none, or several.
    """
    from zhiren.kernel.actors import Actor
    from zhiren.org import queries as org

    if not entity:
        return None
    entities = [row for row in org.entities(Actor.system("attendance")) if entity in (row.name, str(row.pk))]
    if len(entities) != 1:
        why = "there is no such legal entity" if not entities else "several legal entities are called so; give the id"
        raise typer.BadParameter(f"{why}: {entity}", param_hint="--entity")
    return entities[0].pk


def _compute_stored(month: date, entity: str, engine: Engine, workers: int, *, again: bool, marked: bool) -> None:
    from zhiren.attendance import runs
    from zhiren.kernel.refusals import Refusal
    from zhiren.plumbing import clock

    entity_id = _entity_of(entity)
    with _stopping() as is_stopped:
        steps = runs.compute(
            now=clock.now,
            month=month,
            entity_id=entity_id,
            engine=engine.value,
            workers=workers,
            again=again,
            marked=marked,
        )
        try:
            for run in steps:
                if run.done:
                    typer.echo(
                        f"{run.done} of {run.people} people: {run.written} of {run.days} days written, "
                        f"{run.days - run.written - run.adjusted} unchanged, {run.adjusted} noted beside closed months"
                    )
                if is_stopped() and run.done < run.people:
                    steps.close()
                    _tell(f"stopped: {run.done} of {run.people} people are done. The same command goes on from there.")
                    raise typer.Exit(INTERRUPTED)
        except Refusal as error:
            _tell(str(error))
            raise typer.Exit(SOMETHING_WRONG) from error
    typer.echo(f"{run.people} people: done.")


def _compute_files(folder: Path, to: Path, engine: Engine, workers: int, *, again: bool) -> None:
    from zhiren.attendance import frames

    done = days = stray = kept = 0
    with _stopping() as is_stopped:
        steps = frames.compute(folder, to, engine=engine.value, workers=workers, again=again)
        try:
            for buckets, part in steps:
                done, days, stray, kept = done + 1, days + part.days, stray + part.stray, kept + part.kept
                typer.echo(f"{done} of {buckets} files: {days} days, {stray} punches of no day, {kept} files kept")
                if is_stopped() and done < buckets:
                    steps.close()
                    _tell(f"stopped: {done} of {buckets} files are done. The same command goes on from there.")
                    raise typer.Exit(INTERRUPTED)
        except frames.Unreadable as error:
            _tell(str(error))
            raise typer.Exit(SOMETHING_WRONG) from error


def _month_of(period: str) -> date | None:
    """Return the first date of a month such as 2026-10; None if that is no month anybody worked in."""
    try:
        found = datetime.strptime(period, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return None
    return found if EARLIEST_YEAR <= found.year <= LATEST_YEAR else None


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Have Ctrl-C only noted, so that what is being done is done to its end; give whether it was pressed.

    Pressed a second time it interrupts at once.
    """
    pressed = threading.Event()

    def note(_number: int, _frame: object) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()
        _tell("stopping once what is being computed is stored; Ctrl-C again drops it.")

    before = signal.signal(signal.SIGINT, note)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


@train.command("resumes")
def train_resumes(
    data: Annotated[
        Path | None,
        typer.Option(help="Folder with resume_ner_zh and resume_entities_en. Without it: made-up texts alone."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the models go. Without it: models/resumes in the data folder.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Processes that share the work.")] = 2,
) -> None:
    """Train the models that find entities in résumés. Needs no database; takes minutes.

    Keep what it writes to yourself: a model of real résumés may hold words of them.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the matrices are small: threads cost more than they bring
    from zhiren.site import training

    today = datetime.now(tz=UTC).date()
    folder = out or postgres.data_folder() / "models" / "resumes"
    try:
        if data is None:
            figures = training.train_shipped(out=folder, on=today, say=typer.echo, workers=workers)
        else:
            figures = training.train_resumes(data=data, out=folder, on=today, say=typer.echo, workers=workers)
    except training.NoData as error:
        typer.echo(f"zhiren: {error}", err=True)
        raise typer.Exit(SOMETHING_WRONG) from error
    for language, found in figures.items():
        for label, row in found.get("labels", {}).items():
            typer.echo(f"{language} {label}: F1 {row['f1']:.2f} % of {row['true']}")
        if found:
            typer.echo(f"{language}: F1 {found['f1']:.2f} %, half common {found['overlap_f1']:.2f} %")


@app.command()
def verify() -> None:
    """Prove that the timeline is what was recorded, or name the rows that are not."""
    with _django():
        from zhiren.timeline.verify import verify as check

        report = check()
    if report.ok:
        typer.echo(f"{report.checked} events checked: nothing was changed, removed, inserted or reordered.")
        return
    typer.echo(f"{report.checked} events checked, {len(report.problems)} wrong:", err=True)
    for problem in report.problems:
        typer.echo(f"event {problem.number} {problem.event_id or '(gone)'}: {problem.what}", err=True)
    raise typer.Exit(SOMETHING_WRONG)


@app.command()
def reindex() -> None:
    """Make everybody's entry in the search index anew, the newest persons first. Safe to run beside everything else."""
    with _django():
        from zhiren.plumbing import clock
        from zhiren.talent import services

        row = services.walk(at=clock.now(), again=True)
        while row.finished_at is None:
            typer.echo(f"{row.done} of {row.total} persons")
            row = services.walk(at=clock.now())
        typer.echo(f"{row.done} persons: done.")


@app.command()
def health(url: Annotated[str, typer.Option(help="Where the web server is.")] = f"http://{LOCAL}:8000") -> None:
    """Print how the running system is, as JSON; exit code 1 unless all is well."""
    if not url.startswith(("http://", "https://")):
        raise typer.BadParameter("the address must begin with http:// or https://", param_hint="--url")
    answer, well = _ask_web(url.rstrip("/") + "/health")
    if answer is None:
        typer.echo(f"zhiren: no web server answers at {url}; looking at the database directly.", err=True)
        answer = {"status": "failing", "web": "unreachable", **_look_directly()}
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    if not well:
        raise typer.Exit(SOMETHING_WRONG)


@app.command()
def createadmin(
    email: Annotated[str, typer.Option(prompt=True, help="Address the administrator signs in with.")],
    name: Annotated[str, typer.Option(prompt=True, help="Name that others see.")],
) -> None:
    """Make an administrator and print a link that signs in once, within a day. There is no default password."""
    with _django():
        from django.conf import settings
        from django.core.exceptions import ValidationError
        from django.core.validators import validate_email
        from django.urls import reverse

        from zhiren.access import services as access
        from zhiren.plumbing import clock

        try:
            validate_email(email)
        except ValidationError as error:
            raise typer.BadParameter(f"{email} is not an address", param_hint="--email") from error
        secret = access.create_administrator(at=clock.now(), email=email, name=name)
        typer.echo(settings.PUBLIC_URL + reverse("access:sign_in_by_link", args=[secret]))


@app.command(hidden=True)
def build_demo() -> None:
    """Build the made-up company."""
    with _django():
        from zhiren.access.models import User
        from zhiren.operations.demo import build
        from zhiren.plumbing import clock
        from zhiren.site import launch

        note = launch.note_of("access_user")
        if note == launch.DEMO_BEGUN:
            _tell(f"the demo company was not finished. Delete {postgres.data_folder()}, then start again.")
            raise typer.Exit(SOMETHING_WRONG)
        if note is None and User.objects.exists():
            _tell("this database holds a company already; the demo needs a database of its own.")
            raise typer.Exit(SOMETHING_WRONG)
        launch.write_note("access_user", launch.DEMO_BEGUN)
        build.build(now=clock.now(), say=typer.echo)
        launch.write_note("access_user", launch.DEMO_BUILT)


@app.command(hidden=True)
def demo_links(base_url: str) -> None:
    """Print a sign-in link for each role of the made-up company."""
    with _django():
        from zhiren.operations.demo import build
        from zhiren.plumbing import clock

        typer.echo("Sign in as one of them, each link once:")
        for way_in in build.sign_in_links(base_url=base_url, at=clock.now()):
            typer.echo(f"  {way_in.role:<15} {way_in.name}: {way_in.url}")
        if kiosk := build.kiosk_link(base_url=base_url, at=clock.now()):
            typer.echo(f"Make a browser the kiosk at the entrance, within an hour: {kiosk}")
            typer.echo("  There, punch by a badge number (1000 and up) and the PIN that is set under My attendance.")


def _run_all(host: str, port: int, web_processes: int, *, with_demo: bool) -> None:
    from zhiren.site import launch

    try:
        launch.run_all(host=host, port=port, web_processes=web_processes, demo=with_demo)
    except launch.PortTaken as error:
        typer.echo(f"zhiren: {error}", err=True)
        raise typer.Exit(PORT_TAKEN) from error
    except launch.StepFailed as error:
        typer.echo(f"zhiren: {error}; see above.", err=True)
        raise typer.Exit(SOMETHING_WRONG) from error


def _use_demo_folder() -> None:
    """Keep the made-up company apart from a real one, unless told where to put it."""
    os.environ["ZHIREN_SANDBOX"] = "1"
    if not os.environ.get("ZHIREN_DATA"):
        folder = postgres.data_folder()
        os.environ["ZHIREN_DATA"] = str(folder.with_name(f"{folder.name}-demo"))


@contextmanager
def _django(*, needs_tables: bool = True) -> Iterator[None]:
    """Have the database and Django ready; a database that goes away meanwhile is DatabaseUnavailable."""
    from zhiren.site import launch

    server = None
    if postgres.database_url():
        launch.check_reachable()
    else:
        server = postgres.ensure_running(_tell)
    try:
        if needs_tables and launch.note_of("django_migrations") is None:
            raise postgres.DatabaseUnavailable("The database has no tables yet. Make them with: zhiren migrate")
        import django
        from django.db import OperationalError

        django.setup()
        try:
            yield
        except OperationalError as error:
            raise postgres.DatabaseUnavailable(f"The database does not answer: {launch.one_line(error)}") from error
    finally:
        if server:
            from django.db import connections

            connections.close_all()
            server.release(_tell)


def _acting(mail: str) -> Any:
    """Return the actor that a user is, or the system where none is named."""
    from zhiren.access import queries as access
    from zhiren.access.models import User
    from zhiren.kernel.actors import Actor

    if not mail:
        return Actor.system("import")
    user = User.objects.filter(email__iexact=mail, is_active=True).first()
    if user is None:
        raise typer.BadParameter(f"there is no active user {mail}", param_hint="--as")
    return access.actor_of(user)


def _tell(sentence: str) -> None:
    typer.echo(f"zhiren: {sentence}", err=True)


def _ask_web(url: str) -> tuple[dict[str, Any] | None, bool]:
    """Return what the web server says of itself and whether all is well; None if nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=HEALTH_SECONDS) as answer:  # noqa: S310 - checked to be http
            return json.load(answer), True
    except urllib.error.HTTPError as error:
        try:
            return json.load(error), False
        except ValueError:
            return {"status": "failing", "http": error.code}, False
    except ValueError:
        return {"status": "failing", "web": "is not Zhiren"}, False
    except OSError:
        return None, False


def _look_directly() -> dict[str, Any]:
    """Return how database and worker are, without a web server and without starting anything."""
    if not postgres.database_url() and not postgres.is_running():
        return {"database": "not running"}
    try:
        with _django(needs_tables=False):
            from zhiren.plumbing import clock
            from zhiren.site import health as state

            found = state.look(clock.now()).as_json()
    except postgres.DatabaseUnavailable as error:
        return {"database": "unreachable", "reason": str(error)}
    return {name: value for name, value in found.items() if name != "status"}


if __name__ == "__main__":
    main()
