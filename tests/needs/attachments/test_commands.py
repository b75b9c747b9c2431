"""Attachments come and go: limits, amendments, scans, races."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.kernel import audit, clock, db, files, jobs, scanning
from app.kernel.audit import AuditEntry
from app.kernel.background import tidy
from app.kernel.db import in_transaction, reading, session, transaction
from app.kernel.errors import Conflict, IllegalMove
from app.kernel.jobs import Job
from app.kernel.notices import Notice
from app.needs import queries as needs
from app.needs.attachments import commands, queries
from app.needs.attachments.jobs import scan, sweep
from app.needs.attachments.models import CLEAN, MOST_ATTACHMENTS, REFUSED, WAITING, Attachment
from app.needs.models import Need
from tests.needs import make as make_need
from tests.needs.attachments import make as make_file
from tests.sample_files import PDF


def use_scanner(body: str, limit: float = 20) -> None:
    """A scan that runs this, the file's path being $0."""
    scanning.use(("sh", "-c", body), limit)


def draft() -> tuple[Need, Person]:
    with transaction():
        need = make_need.complete_draft()
        return need, need.owners[0].person


def stored(attachment: Attachment) -> Attachment:
    with reading():
        return session().get_one(Attachment, attachment.id)


def verbs(need: Need) -> list[str]:
    with reading():
        return [each.verb for each in audit.entries_about(need)]


def test_a_file_of_a_draft_is_kept_under_its_title_and_written_down(store: object) -> None:
    need, author = draft()
    with transaction():
        file = make_file.upload(PDF, "Depots of the north.pdf")
        added = commands.attach_file(needs.get_need(need.id), title="", file=file, by=author)
    with reading():
        (found,) = queries.attachments_of(need)
        held = (found.title, found.name, found.ending, found.size, found.digest, found.state, found.scanned_at)
        assert held == (*["Depots of the north.pdf"] * 2, "pdf", len(PDF), file.digest, CLEAN, None)
        assert needs.get_need(need.id).changed_at == added.added_at
    assert verbs(need)[-2:] == ["attach", "clear_attachment"]


def test_the_eleventh_file_and_the_same_file_again_are_refused(store: object) -> None:
    need, author = draft()
    with transaction():
        need = needs.get_need(need.id)
        for _ in range(MOST_ATTACHMENTS - 1):
            make_file.attachment(need)
        last = make_file.upload()
        commands.attach_file(need, title="Last", file=last, by=author)
        with pytest.raises(Conflict, match="at most 10"):
            commands.attach_file(need, title="", file=make_file.upload(), by=author)
        with pytest.raises(Conflict, match="attached already, as “Last”"):
            commands.attach_file(need, title="", file=last, by=author)
        commands.remove_attachment(queries.attachments_of(need)[0], by=author)
        commands.attach_file(need, title="", file=make_file.upload(), by=author)
        assert len(queries.attachments_of(need)) == MOST_ATTACHMENTS


def test_the_same_file_of_two_needs_is_one_and_stays_for_the_other(store: object) -> None:
    with transaction():
        one, other = make_need.complete_draft(), make_need.complete_draft()
        first, second = make_file.attachment(one, content=PDF), make_file.attachment(other, content=PDF)
        assert first.digest == second.digest
        commands.remove_attachment(first, by=one.owners[0].person)
    with clock.at(clock.now() + timedelta(days=2)):
        assert sweep() == 0
    assert files.path_of(second.digest).read_bytes() == PDF


def test_no_row_is_written_for_a_file_that_is_not_there(store: object) -> None:
    need, author = draft()
    file = make_file.upload()
    files.remove(file.digest)
    with pytest.raises(Conflict, match="Choose it again"), transaction():
        commands.attach_file(needs.get_need(need.id), title="", file=file, by=author)


def test_what_no_row_names_is_swept_after_a_day_and_what_one_names_never(store: object) -> None:
    with transaction():
        need = make_need.complete_draft()
        kept, gone = make_file.attachment(need), make_file.attachment(need)
        commands.remove_attachment(gone, by=need.owners[0].person)
    crashed = make_file.upload()
    assert sweep() == 0
    with clock.at(datetime.now(UTC) + timedelta(days=1, minutes=1)):
        assert sweep() == 2
    assert [files.stands(each) for each in (kept.digest, gone.digest, crashed.digest)] == [True, False, False]


def test_the_daily_tidying_sweeps(store: object) -> None:
    crashed = make_file.upload()
    with clock.at(datetime.now(UTC) + timedelta(days=2)):
        tidy()
    assert not files.stands(crashed.digest)


# what was published


def test_a_file_of_a_live_need_comes_and_goes_by_amendments_and_stays_on_record(store: object) -> None:
    with transaction():
        need = make_need.live_need()
        author = need.owners[0].person
        file = make_file.upload(PDF, "map.pdf")
        added = commands.attach_file(need, title="Map", file=file, reason=" Asked for. ", by=author)
        commands.remove_attachment(added, reason="Out of date.", by=author)
    line = f"Map, map.pdf (PDF, {len(PDF)} bytes)"
    with reading():
        (found,) = queries.attachments_of(need)
        assert (found.added_by_amendment, found.removed_by_amendment, found.is_removed) == (1, 2, True)
        assert queries.current_attachments_of(need) == []
        told = [(each.number, each.reason, each.changes) for each in needs.amendments_of(need)]
        kinds = [(each.kind, each.facts) for each in session().scalars(select(Notice).order_by(Notice.at, Notice.id))]
    assert told == [
        (2, "Out of date.", [{"what": "Attachment", "was": line, "is": ""}]),
        (1, "Asked for.", [{"what": "Attachment", "was": "", "is": line}]),
    ]
    amended = [facts for kind, facts in kinds if kind == "need.amended"]
    assert sorted(each["number"] for each in amended) == [1, 2]
    assert {each["section"] for each in amended} == {"attachments"}
    assert verbs(need)[-3:] == ["amend", "clear_attachment", "amend"]
    assert files.stands(found.digest)


def test_an_amendment_of_attachments_needs_a_reason(store: object) -> None:
    with transaction():
        need = make_need.live_need()
        author = need.owners[0].person
        made = make_file.attachment(need)
        with pytest.raises(Conflict, match="Give a reason"):
            commands.remove_attachment(made, reason="  ", by=author)
        with pytest.raises(Conflict, match="Give a reason"):
            commands.attach_file(need, title="", file=make_file.upload(), by=author)


def test_a_removed_file_can_be_added_again_and_not_removed_twice(store: object) -> None:
    with transaction():
        need = make_need.live_need()
        author = need.owners[0].person
        removed = make_file.removed(need)
        with pytest.raises(IllegalMove, match="removed already"):
            commands.remove_attachment(removed, reason="Again.", by=author)
        again = make_file.attachment(need, content=files.path_of(removed.digest).read_bytes())
        assert [each.id for each in queries.current_attachments_of(need)] == [again.id]


@pytest.mark.parametrize("state", ["closed", "concluded", "withdrawn"])
def test_an_ended_need_keeps_its_attachments(store: object, state: str) -> None:
    with transaction():
        need = make_need.complete_draft()
        made = make_file.attachment(need)
        author = need.owners[0].person
        make_need.publish(need, by=author)
        if state == "withdrawn":
            make_need.commands.withdraw_need(need, reason="x", by=author)
        else:
            need.deadline_at = clock.now() - timedelta(hours=1)
            assert make_need.commands.close_need(need)
            if state == "concluded":
                make_need.commands.conclude_need(need, by=None)
        for act in (
            lambda: commands.remove_attachment(made, reason="x", by=author),
            lambda: commands.attach_file(need, title="", file=make_file.upload(), reason="x", by=author),
            lambda: commands.rename_attachment(made, title="x", by=author),
        ):
            with pytest.raises(IllegalMove):
                act()


# the scan


def job_count() -> int:
    with reading():
        return len(session().scalars(select(Job).where(Job.kind == commands.SCAN)).all())


def attached() -> Attachment:
    with transaction():
        return make_file.attachment(make_need.complete_draft())


def run_jobs() -> None:
    while jobs.run_due():
        pass


def test_a_clean_file_is_let_through(store: object) -> None:
    use_scanner("grep -q PDF $0")
    made = attached()
    assert (made.state, made.scanned_at) == (WAITING, None)
    run_jobs()
    found = stored(made)
    assert (found.state, found.scanned_at is not None, job_count()) == (CLEAN, True, 0)


def test_a_refused_file_goes_and_who_added_it_is_told(store: object) -> None:
    use_scanner("exit 1")
    made = attached()
    run_jobs()
    assert (stored(made).state, files.stands(made.digest)) == (REFUSED, False)
    with reading():
        (notice,) = session().scalars(select(Notice).where(Notice.kind == "attachment.refused"))
        assert notice.subject == f"attachments:{made.id}"
        entry = session().scalars(select(AuditEntry).where(AuditEntry.verb == "refuse_attachment")).one()
        assert (entry.person_id, entry.facts["digest"]) == (None, made.digest)


def test_a_refused_file_stays_where_another_need_has_it_clean(store: object) -> None:
    with transaction():
        other = make_file.attachment(make_need.complete_draft(), content=PDF)
        use_scanner("exit 1")
        make_file.attachment(make_need.complete_draft(), content=PDF)
    run_jobs()
    assert (stored(other).state, files.stands(other.digest)) == (CLEAN, True)


def test_the_same_content_of_two_needs_is_refused_twice_and_removed(store: object) -> None:
    use_scanner("exit 1")
    with transaction():
        made = [make_file.attachment(make_need.complete_draft(), content=PDF) for _ in range(2)]
    run_jobs()
    assert [stored(each).state for each in made] == [REFUSED, REFUSED]
    assert not files.stands(made[0].digest)


@pytest.mark.parametrize(("body", "limit"), [("exit 2", 20), ("kill -9 $$", 20), ("sleep 30", 0.2)])
def test_a_scan_that_crashes_or_hangs_is_run_again_later(store: object, body: str, limit: float) -> None:
    use_scanner(body, limit)
    made = attached()
    run_jobs()
    assert (stored(made).state, job_count()) == (WAITING, 1)
    use_scanner("exit 0")
    with clock.at(clock.now() + timedelta(minutes=5)):
        run_jobs()
    assert (stored(made).state, job_count()) == (CLEAN, 0)


def test_while_a_scan_runs_others_write(store: db.Database, tmp_path: object) -> None:
    use_scanner(f"touch {tmp_path}/began; while [ ! -e {tmp_path}/go ]; do sleep 0.02; done")
    made = attached()
    scanner = threading.Thread(target=run_jobs)
    scanner.start()
    begun, go = (files.path_of(made.digest).parents[2] / name for name in ("began", "go"))
    while not begun.exists():
        assert scanner.is_alive()
    with transaction():
        make_need.draft_need()
    assert stored(made).state == WAITING
    go.touch()
    scanner.join()
    assert stored(made).state == CLEAN


def test_a_scan_that_was_run_before_changes_nothing_and_one_of_a_removed_file_neither(store: object) -> None:
    use_scanner("exit 1")
    made = attached()
    scan({"attachment_id": made.id})
    scan({"attachment_id": made.id})
    with transaction():
        found = session().get_one(Attachment, made.id)
        commands.remove_attachment(found, by=needs.get_need(found.need_id).owners[0].person)
    scan({"attachment_id": made.id})
    with reading():
        assert len(session().scalars(select(AuditEntry).where(AuditEntry.verb == "refuse_attachment")).all()) == 1


def test_where_the_scan_is_no_longer_set_who_waited_is_let_through_as_not_scanned(store: object) -> None:
    use_scanner("exit 0")
    made = attached()
    scanning.use(())
    run_jobs()
    assert (stored(made).state, stored(made).scanned_at) == (CLEAN, None)


def test_a_lost_file_is_no_clean_one(store: object) -> None:
    use_scanner("exit 0")
    made = attached()
    files.remove(made.digest)
    run_jobs()
    assert (stored(made).state, job_count()) == (WAITING, 1)


def test_two_people_who_add_the_tenth_file_at_once_add_one(store: object) -> None:
    need, author = draft()
    with transaction():
        for _ in range(MOST_ATTACHMENTS - 1):
            make_file.attachment(needs.get_need(need.id))
    uploads, gate, said = [make_file.upload() for _ in range(4)], threading.Barrier(4), []

    def add(number: int) -> None:
        gate.wait()
        try:
            in_transaction(
                lambda: commands.attach_file(needs.get_need(need.id), title="", file=uploads[number], by=author)
            )
            said.append("added")
        except Conflict as refusal:
            said.append(refusal.message)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == sorted(["added", *[commands.FULL.rstrip(".")] * 3])
    with reading():
        assert len(queries.attachments_of(need)) == MOST_ATTACHMENTS
