"""Forms of ideas. A draft saves unfinished; made strict, the form asks for what a proposal must say."""

from app.accounts.models import Organisation, Person
from app.capabilities.queries import choices as capability_choices
from app.kernel.forms import Choice, Choices, Form, LongText, Money, Text, VersionedForm, Whole
from app.providers.models import Evidence, Provider, SolutionProfile
from app.providers.queries import evidence_of, live_profiles_of
from app.responses.ideas.gaps import SENTENCES
from app.responses.ideas.models import Idea

LEFT = {"required": False, "mark_optional": False}


class DraftForm(Form):
    """The beginning of an idea."""

    provider = Choice("Whose idea is it?", style="select", required="Select a provider")
    title = Text("What is your idea?", hint="In one line. You can change it later.", required="Enter your idea")

    def __init__(self, providers: list[Provider]) -> None:
        super().__init__()
        self.provider.offer([(each, each.name) for each in providers])
        if len(providers) == 1 and not self.is_submitted():
            self.provider.process_data(providers[0])


class IdeaForm(VersionedForm):
    """The whole idea, on one page."""

    title = Text("Title", required="Enter a title")
    problem = LongText("Which problem would it solve?", called="The problem", max_words=300, **LEFT)
    users = LongText("Who has the problem?", called="Who has it", max_words=150, lines=3, **LEFT)
    proposal = LongText("What do you propose?", called="The proposal", max_words=500, lines=8, **LEFT)
    low_pence = Money("Lowest cost", hint="In pounds, without VAT.", required=False)
    high_pence = Money("Highest cost", **LEFT)
    weeks = Whole("How many weeks would it take?", called="The number of weeks", least=1, most=520, **LEFT)
    capabilities = Choices("Which capabilities does it take?", capability_choices, most=10, **LEFT)
    evidence = Choices(
        "Which past work shows that it can be done?",
        hint="From your own evidence. Departments read what you choose here with the idea.",
        required=False,
        most=10,
    )
    profile = Choice("Is it close to a solution profile of yours?", style="select", blank=None, required=False)
    public_summary = LongText(
        "What may everybody read of it?",
        called="The public summary",
        hint="Leave it empty if only departments should read of your idea. Everybody includes your competitors.",
        required=False,
        max_words=100,
        lines=3,
    )

    def __init__(self, idea: Idea, wallet: list[Evidence], live: list[SolutionProfile]) -> None:
        super().__init__(obj=idea)
        kept = [each for each in idea.evidence if each not in wallet]
        self.evidence.offer([(each, each.title) for each in [*wallet, *kept]])
        older = [idea.profile] if idea.profile and idea.profile not in live else []
        self.profile.offer([(each, each.title) for each in [*live, *older]])

    def make_strict(self) -> None:
        """Ask for what a proposal must say, each sentence beside its field."""
        for name, sentence in SENTENCES.items():
            self._fields[name].required = sentence

    def cross_check(self) -> None:
        low, high = self.low_pence.data, self.high_pence.data
        if low is not None and high is not None and low > high:
            self.fail("high_pence", "The highest cost must be the lowest cost or more")


def idea_form(idea: Idea, person: Person) -> IdeaForm:
    """The form of an idea, with its provider's own evidence and profiles to choose from."""
    return IdeaForm(idea, evidence_of(idea.provider, person), live_profiles_of(idea.provider))


class DepartmentForm(Form):
    """For which of a person's departments something is said."""

    department = Choice("For which department?", style="select", required="Select a department")

    def __init__(self, departments: list[Organisation]) -> None:
        super().__init__()
        self.department.offer([(each, each.name) for each in departments])
        if len(departments) == 1 and not self.is_submitted():
            self.department.process_data(departments[0])


class AskForm(DepartmentForm):
    """The one thing that a department asks."""

    question = LongText(
        "What do you want to know?",
        called="The question",
        hint="The provider reads it with the name of your department, not yours. You can ask one thing.",
        required="Enter your question",
        max_words=150,
    )


class DeclineForm(DepartmentForm):
    """A department's no."""

    reason = LongText(
        "Why not?",
        called="The reason",
        hint="The provider reads it with the name of your department.",
        required="Enter a reason",
        max_words=150,
    )


class TakeUpForm(DepartmentForm):
    """The draft need that begins with an idea."""

    title = Text("Title of your need", required="Enter a title for your need")


class ReplyForm(Form):
    """The provider's answer to what a department asked."""

    reply = LongText(
        "Your reply",
        hint="The people of this department read it. You cannot change it later.",
        required="Enter your reply",
        max_words=300,
    )
