"""The one console command, `clarion`."""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from app import factory
from app.accounts.cli import create_operator, erase_person, import_organisations
from app.bench.cli import bench
from app.capabilities.cli import import_capabilities
from app.capabilities.commands import load_vocabulary
from app.config import SETTINGS, BadSetting, Settings, read_settings
from app.kernel import audit, db, jobs, migrate, sealing_mark, search
from app.kernel.background import Background
from app.kernel.errors import Refusal
from app.kernel.importing import Imported, WrongFile
from app.kernel.instance import Instance
from app.needs.cli import import_calls, import_needs
from app.outcomes.cli import import_awards
from app.providers.cli import import_services, import_solutions

console = Console(highlight=False, soft_wrap=True)
# a file of outside codes adds none to the vocabulary
NOUNS: dict[Callable[..., Imported], str] = {import_capabilities: "capabilities and codes"}
FAULTS_SHOWN = 20
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PREVIEW = click.option("--preview", is_flag=True, help="Say what would change, and write nothing.")


def opened(command: Callable[..., Any]) -> Callable[..., Any]:
    """Read the settings, open the instance, bring its tables up to date and check its key; then the command runs."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        settings = _settings()
        instance = factory.open_clarion(settings)
        try:
            migrate.upgrade()
        except OperationalError as error:
            shown = make_url(settings.database).render_as_string(hide_password=True)
            raise BadSetting(f"DATABASE_URL: {shown} cannot be used ({type(error.orig).__name__}).") from error
        sealing_mark.keep()
        return command(instance, *arguments, **options)

    return run


def _settings(**changed: Any) -> Settings:
    return replace(read_settings(), **{name: value for name, value in changed.items() if value is not None})


class Clarion(click.Group):
    """A group whose refusals are one sentence, not a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (BadSetting, Refusal, WrongFile) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Clarion, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="clarion")
def main() -> None:
    """Clarion, the marketplace of demand signals."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=_settings().log_level.upper())
    logging.getLogger("alembic").setLevel(logging.WARNING)


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Listen here rather than on CLARION_PORT.")
def serve(port: int | None) -> None:
    """Serve the site, follow the index and run jobs, until stopped."""
    from app.server import must_be_free
    from app.server import serve as run

    settings = _settings(port=port)
    must_be_free(settings)
    _prepare()
    _say_where(settings)
    run(settings)


@opened
def _prepare(_instance: Instance) -> None:
    load_vocabulary()
    db.database().engine.dispose()


def _say_where(settings: Settings) -> None:
    from app.demo import sign_in_hint

    console.print(f"Clarion is at [bold]{settings.address}[/bold]")
    for line in sign_in_hint(settings):
        console.print(line)


@main.command()
@opened
def worker(_instance: Instance) -> None:
    """Follow the index and run jobs, without serving."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    work = Background()
    work.start()
    console.print("The worker runs. Stop it with Ctrl+C.")
    stopped.wait()
    work.stop()
    work.join(30)


@main.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where there are organisations already.")
@opened
def demo(instance: Instance, if_empty: bool) -> None:
    """Fill an empty instance with a made-up world to look at."""
    from app.demo import fill

    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Making the demo world", total=None)
        told = fill(instance.settings, if_empty, lambda done, total: progress.update(task, completed=done, total=total))
    console.print(told)


@main.group("import")
def import_() -> None:
    """Bring in registers, needs, services or capabilities from files, again and again without doubling."""


def _register_importer(name: str, told: str, *importers: Callable[..., Imported], has_preview: bool = True) -> None:
    """Give a kind of file its command."""

    def run(instance: Instance, file: Path, preview: bool = False) -> None:
        _bring_in(instance, file, *importers, preview=preview)

    command = click.argument("file", type=FILE)(opened(run))
    import_.command(name, help=told)(PREVIEW(command) if has_preview else command)


IMPORTS: dict[str, tuple[str, tuple[Callable[..., Imported], ...]]] = {
    "organisations": ("Departments and others from the GOV.UK organisations register (CSV).", (import_organisations,)),
    "needs": (
        "Published opportunities, and the partnerships of those that were awarded (CSV or JSON lines).",
        (import_needs, import_awards),
    ),
    "calls": ("Research and innovation calls, as needs of those who fund them (JSON lines or CSV).", (import_calls,)),
    "services": ("Suppliers and their services, as live solution profiles (CSV or JSON lines).", (import_services,)),
    "solutions": ("Digital public goods, as live solution profiles of their owners (JSON lines).", (import_solutions,)),
    "capabilities": ("CPV codes, DDaT skills, or more of the vocabulary (CSV or YAML).", (import_capabilities,)),
}
for _name, (_told, _importers) in IMPORTS.items():
    _register_importer(_name, _told, *_importers, has_preview=_name not in ("organisations", "capabilities"))


def _bring_in(instance: Instance, file: Path, *importers: Callable[..., Imported], preview: bool = False) -> None:
    """Import with a bar, say what came of it, and bring the index up to date."""
    load_vocabulary()
    # the partnerships of a file stand on its needs, which a preview does not keep
    for importer in importers[:1] if preview else importers:
        _run_importer(instance, file, importer, **({"preview": True} if preview else {}))
    search.catch_up()


def _run_importer(instance: Instance, file: Path, importer: Callable[..., Imported], **options: bool) -> None:
    noun = NOUNS.get(importer, importer.__name__.removeprefix("import_"))
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(f"Importing {noun}", total=None)
        result = importer(
            file,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
            reports=instance.settings.instance / "reports",
            **options,
        )
    console.print(f"{noun.capitalize()}: {result}", markup=False)
    for line in result.look.lines() if result.look else ():
        console.print(line, markup=False)


@main.group()
def index() -> None:
    """Look after the search index, which can always be made anew from the database."""


@index.command("status")
@opened
def index_status(_instance: Instance) -> None:
    """What is in the index, and how far behind the database it is."""
    status = search.status()
    for kind, found in status.kinds.items():
        unfit = "" if found.ready else "  [red]cannot be used, and is made anew by the running server or worker[/red]"
        console.print(f"{kind:<12} {found.documents:>8} documents  {found.version}{unfit}")
    following = "followed by a running process" if status.following else "followed by no process"
    console.print(f"{status.lag.changes} changes behind ({status.lag.seconds:.1f} s); {following}.")


@index.command("rebuild")
@opened
def index_rebuild(_instance: Instance) -> None:
    """Make the index anew from the database; searching goes on meanwhile."""
    with Progress(console=console, transient=True) as bar:
        tasks = {kind: bar.add_task(f"Indexing {kind}", total=None) for kind in search.kinds()}
        search.rebuild(progress=lambda kind, done, total: bar.update(tasks[kind], completed=done, total=total))
    console.print("The index was made anew.")


@index.command("verify")
@opened
def index_verify(_instance: Instance) -> None:
    """Compare the index with the database, document by document; ends with 1 and names what is wrong."""
    faults = 0
    for found in search.verify():
        faults += len(found.faults)
        said = f"{len(found.faults):,} faults" if len(found.faults) > 1 else "1 fault" if found.faults else "agrees"
        console.print(f"{found.kind:<12} {found.documents:>8} documents {found.segments:>3} segments  {said}")
        for fault in found.faults[:FAULTS_SHOWN]:
            console.print(f"    {fault}", markup=False)
        if len(found.faults) > FAULTS_SHOWN:
            console.print(f"    And {len(found.faults) - FAULTS_SHOWN:,} more.")
    if faults:
        console.print("To make the index anew, while searching goes on: clarion index rebuild")
        raise click.exceptions.Exit(1)


@main.group("audit")
def audit_() -> None:
    """Check the audit."""


@audit_.command("verify")
@opened
def audit_verify(_instance: Instance) -> None:
    """Check every chain of the audit; ends with 1 and names the first broken entry of each stream that was touched."""
    with db.reading():
        faults = list(audit.verify())
        count, digest = audit.count_entries(), audit.digest()
    for fault in faults:
        console.print(f"[red]{fault.stream}[/red] entry {fault.position}: {fault.why}")
    if faults:
        raise click.exceptions.Exit(1)
    console.print(f"All {count:,} entries follow one another. Their digest, to keep elsewhere: {digest}")


main.add_command(bench)


@main.command("retry-jobs")
@opened
def retry_jobs(_instance: Instance) -> None:
    """Do the jobs again that were given up, mails among them; /readyz tells how many there are."""
    with db.transaction():
        count = jobs.retry_failed()
    console.print(f"{count} to be done again by the running server or worker.")


@main.command("create-operator")
@click.argument("email")
@click.option("--name", default="Operator", show_default=True, help="What people see as the operator's name.")
@click.option("--password", is_flag=True, help="Ask for a password now; otherwise print a link to choose one.")
@opened
def create_operator_(instance: Instance, email: str, name: str, password: bool) -> None:
    """Make somebody an operator of this platform."""
    chosen = click.prompt("Password", hide_input=True, confirmation_prompt=True) if password else ""
    address = instance.settings.address
    link = create_operator(email, name=name, password=chosen, key=instance.secret_key, address=address)
    console.print(f"{email} is an operator." + (f" Choose a password here: {link}" if link else ""))


@main.command("erase-person")
@click.argument("email")
@click.confirmation_option(prompt="Forget this person's name and address for good?")
@opened
def erase_person_(_instance: Instance, email: str) -> None:
    """Forget who a person was; what they did stays, under a number."""
    console.print(f"The person is forgotten; the record knows them as {erase_person(email)}.")


@main.command()
def settings() -> None:
    """List every setting, its default and its meaning."""
    for setting in SETTINGS.values():
        console.print(f"[bold]{setting.name}[/bold] (default: {setting.default or 'none'})\n    {setting.meaning}")
