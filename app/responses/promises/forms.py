"""Forms of what a response promises. Drafts save unfinished rows; the check list says what they lack."""

from dataclasses import replace
from typing import Any, ClassVar

from app.kernel.forms import Choice, Day, LongText, Row, Rows, Text, VersionedForm
from app.providers.models import TeamMember
from app.responses.models import Response
from app.responses.promised import ASSET_KINDS, Promise, PromisedAsset, TeamPlace
from app.responses.promises.commands import place_of

DRAFT_FIELD: dict[str, Any] = {"required": False, "mark_optional": False}


class TeamForm(VersionedForm):
    """Who would work; `team_form` gives it the people who can be chosen."""

    team: Rows
    places: ClassVar[dict[str, TeamPlace]]

    @property
    def parts(self) -> dict[str, str]:
        """What each will do, by the person's id."""
        return {row["member"]: row["part"] for row in self.team.data}

    @property
    def content(self) -> dict[str, Any]:
        """The team as it would be named now."""
        chosen = [(self.places[member], part) for member, part in self.parts.items() if member in self.places]
        return {"team": [replace(place, part=part) for place, part in chosen]}

    def cross_check(self) -> None:
        """Each part has a person, and each person one part."""
        chosen = [row["member"] for row in self.team.data]
        if "" in chosen:
            self.fail("team", "Select the person whose part you wrote")
        elif len(set(chosen)) < len(chosen):
            self.fail("team", "Name each person once, with all that they will do")


def team_form(people: list[TeamMember], response: Response) -> TeamForm:
    """The form of the team: of the provider's people, and of those who were named before they left its page."""
    named, known = response.team, {member.id: place_of(member, response) for member in people}
    gone = [place for place in named if place.member not in known]
    offered = [(place.member, _with_job(place.name, place.job)) for place in known.values()]
    offered += [(place.member, f"{place.name} (not on your page any more)") for place in gone]

    class MemberRow(Row):
        """One person and their part."""

        member = Choice("Who?", offered, called="The person", style="select", **DRAFT_FIELD)
        part = Text("What will they do?", called="Their part", width="full", **DRAFT_FIELD)

    class OwnTeamForm(TeamForm):
        """The team of this provider."""

        team = Rows("Your team", MemberRow, called="person", most=20, **DRAFT_FIELD)
        places = {place.member: place for place in named} | known

    return OwnTeamForm(data={"team": [{"member": place.member, "part": place.part} for place in named]})


def _with_job(name: str, job: str) -> str:
    return f"{name}, {job}" if job else name


class PromiseRowForm(Row):
    """Who learns what, by when."""

    who = Text("Who learns?", called="Who learns", width="full", **DRAFT_FIELD)
    what = LongText("What do they learn?", called="What they learn", lines=2, max_length=500, **DRAFT_FIELD)
    by_on = Day("By when?", called="The date", **DRAFT_FIELD)


class TransferForm(VersionedForm):
    """How knowledge is passed on."""

    promises = Rows(
        "What you promise",
        PromiseRowForm,
        called="promise",
        hint="Name people or roles in the department. If you win, you are held to it.",
        most=20,
        **DRAFT_FIELD,
    )
    knowledge_transfer = LongText(
        "How will you pass it on?",
        called="How you pass it on",
        hint="For example by working in pairs, by handbooks, or by training.",
        required=False,
        max_words=300,
        max_length=4_000,
    )

    @property
    def content(self) -> dict[str, Any]:
        """The rows as promises."""
        return {**super().content, "promises": [Promise(**row) for row in self.promises.data]}


class AssetRowForm(Row):
    """One thing that will be released."""

    kind = Choice("What kind of thing?", list(ASSET_KINDS.items()), called="The kind", style="select", **DRAFT_FIELD)
    name = Text("What is it called?", called="The name", width="full", **DRAFT_FIELD)
    licence = Text("Under which licence?", called="The licence", hint="For example, MIT or OGL 3.0.", **DRAFT_FIELD)
    released_on = Day("When?", called="The date", **DRAFT_FIELD)


class AssetsForm(VersionedForm):
    """What will be released for others to use."""

    assets = Rows("What you will release", AssetRowForm, called="asset", most=20, **DRAFT_FIELD)

    @property
    def content(self) -> dict[str, Any]:
        """The rows as promised assets."""
        return {**super().content, "assets": [PromisedAsset(**row) for row in self.assets.data]}
