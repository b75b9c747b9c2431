"""Changing providers: what becomes of the rows."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.kernel.audit import AuditEntry
from app.kernel.db import reading, session, transaction
from app.kernel.errors import Conflict
from app.providers import commands, queries
from app.providers.models import LIVE, RETIRED, Evidence, Provider
from tests import make
from tests.providers import make as make_provider

pytestmark = pytest.mark.usefixtures("store")


def test_a_page_is_begun_once() -> None:
    with transaction():
        organisation = make.supplier()
        first = commands.ensure_provider(organisation)
        second = commands.ensure_provider(organisation)
        assert first.id == second.id
        assert session().scalar(select(func.count()).select_from(Provider)) == 1
        with pytest.raises(Conflict):
            commands.ensure_provider(make.department())


def test_describing_works_out_the_size() -> None:
    with transaction():
        page = make_provider.provider(size="large", people=None)
        staff = make.staff(page.organisation)
        commands.describe_provider(page, about="We.", people=None, places=["wales"], by=staff)
        assert (page.size, page.places) == ("large", ["wales"])
        commands.describe_provider(page, about="We.", people=8, places=[], by=staff)
        assert (page.size, page.people) == ("micro", 8)


def test_a_draft_is_published_only_when_it_is_complete() -> None:
    with transaction():
        page = make_provider.provider()
        staff = make.staff(page.organisation)
        profile = commands.draft_profile(page, title="Research", by=staff)
        with pytest.raises(Conflict, match="Describe the problem"):
            commands.publish_profile(profile, by=staff)
        assert profile.state == "draft"
        whole = make_provider.draft_profile(page, by=staff)
        commands.publish_profile(whole, by=staff)
        assert whole.state == LIVE
        assert whole.published_at is not None


def test_a_live_profile_stays_complete_and_a_retired_one_stands_still() -> None:
    with transaction():
        profile = make_provider.live_profile()
        staff = make.staff(profile.provider.organisation)
        with pytest.raises(Conflict, match="must stay complete"):
            commands.change_profile(profile, problem="", by=staff)
    with transaction():
        profile = make_provider.live_profile()
        staff = make.staff(profile.provider.organisation)
        commands.retire_profile(profile, by=staff)
        assert profile.state == RETIRED
        with pytest.raises(Conflict, match="retired"):
            commands.change_profile(profile, title="Other", by=staff)


def test_changing_only_a_list_moves_the_version_on() -> None:
    with transaction():
        profile = make_provider.draft_profile()
        staff, profile_id, before = make.staff(profile.provider.organisation), profile.id, profile.version
        mapping = make_provider.capability("Service mapping")
    with transaction():
        profile = queries.get_visible_profile(profile_id, staff)
        commands.change_profile(profile, capabilities=[mapping.id], by=staff)
        session().flush()
        assert profile.version == before + 1
        assert [each.name for each in profile.capabilities] == ["Service mapping"]


def test_countersigning_again_updates_the_same_evidence() -> None:
    with transaction():
        profile = make_provider.live_profile()
        page = profile.provider
        first = make_provider.countersigned(page, source="partnerships:abc", profile=profile)
        again = make_provider.countersigned(
            page, source="partnerships:abc", profile=profile, standing="disputed", achieved_percent=25
        )
        assert again.id == first.id
        assert (again.standing, again.achieved_percent) == ("disputed", 25)
        assert [each.id for each in profile.evidence] == [first.id]
        assert session().scalar(select(func.count()).select_from(Evidence)) == 1


def test_what_a_buyer_spoke_on_stands() -> None:
    with transaction():
        page = make_provider.provider()
        evidence, staff = make_provider.countersigned(page), make.staff(page.organisation)
        with pytest.raises(Conflict):
            commands.change_evidence(evidence, title="Better", by=staff)
        with pytest.raises(Conflict):
            commands.remove_evidence(evidence, by=staff)
        with pytest.raises(ValueError, match="stated"):
            make_provider.countersigned(page, standing="stated")


def test_removed_evidence_leaves_its_profiles() -> None:
    with transaction():
        page = make_provider.provider()
        evidence, staff = make_provider.evidence(page), make.staff(page.organisation)
        profile = make_provider.live_profile(page, evidence=[evidence])
        commands.remove_evidence(evidence, by=staff)
        profile_id = profile.id
    with reading():
        assert queries.get_visible_profile(profile_id, None).evidence == []
        assert session().scalar(select(func.count()).select_from(Evidence)) == 0


def test_the_record_counts_valid_countersigned_outcomes_alone() -> None:
    with transaction():
        page = make_provider.provider()
        make_provider.evidence(page)
        make_provider.countersigned(page, source="partnerships:1", achieved_percent=100)
        make_provider.countersigned(page, source="partnerships:2", achieved_percent=50)
        make_provider.countersigned(page, source="partnerships:3", achieved_percent=None)
        make_provider.countersigned(page, source="partnerships:4", standing="disputed")
        make_provider.countersigned(page, source="partnerships:5", finished_on=date(2019, 1, 1))
        assert queries.track_records() == {page.id: queries.Record(2, 1.5)}


def test_each_verb_is_in_the_audit() -> None:
    with transaction():
        page = make_provider.provider()
        profile = make_provider.live_profile(page)
        staff = make.staff(page.organisation)
        commands.retire_profile(profile, by=staff)
        commands.revive_profile(profile, by=staff)
        verbs = session().scalars(
            select(AuditEntry.verb).where(AuditEntry.subject == f"solution_profiles:{profile.id}").order_by("position")
        )
        assert list(verbs) == ["draft", "change", "publish", "retire", "revive"]


def test_a_draft_waits_on_its_staffs_desk() -> None:
    with transaction():
        profile = make_provider.draft_profile()
        staff = make.staff(profile.provider.organisation)
        (waiting,) = queries.awaiting(staff, profile.created_at)
        assert waiting.endpoint == "providers.show_profile"
        assert queries.awaiting(make.staff(make.supplier()), profile.created_at) == []
