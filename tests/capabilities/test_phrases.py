"""Phrases: what counts as the same, what cannot name a capability, and what a text names."""

import pytest

from app.capabilities.models import AREA
from app.capabilities.phrases import Matcher, fault_of, fold
from app.capabilities.vocabulary import SHIPPED, entry_of, read_vocabulary
from app.kernel.importing import Row


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    entries = [entry_of(row) for row in read_vocabulary(SHIPPED).rows() if isinstance(row, Row)]
    live = [entry for entry in entries if entry.level != AREA]
    return Matcher([(phrase, entry.id) for entry in live for phrase in (entry.name, *entry.synonyms)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("User-Centred Design", "user centred  design"),
        ("APIs", "api"),
        ("policies", "Policy"),
        ("switches", "switch"),
        ("process", "processes"),
        ("Data visualization", "data visualisation"),
        ("contact center", "contact centres"),
        ("data modeling", "data modelling"),
        ("Children’s services", "childrens' service"),
        ("CI/CD", "ci cd"),
        ("Node.js", "node js"),
    ],
)
def test_two_spellings_of_a_phrase_are_the_same(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C#", "C"),
        (".NET", "net"),
        ("C++", "C"),
        ("AWS", "AW"),
        ("IoS", "Io"),
        ("bus", "bu"),
        ("size", "sise"),
    ],
)
def test_different_words_stay_different(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize("phrase", ["it", "IT", "go", "Go", "Box", "teams", "x", "4", "2024", "services", "–", ""])
def test_a_word_of_any_prose_cannot_name_a_capability(phrase):
    assert fault_of(phrase) is not None


@pytest.mark.parametrize("phrase", ["k8s", "AI", "C#", "golang", "5G", "go live support", "365 days"])
def test_a_word_of_the_trade_can_name_a_capability(phrase):
    assert fault_of(phrase) is None


def test_a_long_phrase_cannot_name_a_capability():
    assert fault_of("very " * 20) == "A synonym has at most 80 characters."


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Kubernetes platform engineering", ["container-orchestration", "devops"]),
        ("We run k8s on AKS and EKS", ["container-orchestration"]),
        ("PEN TEST of a website", ["penetration-testing", "website-development"]),
        ("User-centred design (UCD) partner", ["user-centred-design"]),
        ("Senior Java Developer x 2", ["java"]),
        ("C# and .NET developers", ["dotnet"]),
        ("Dev Ops Engineer H", ["devops"]),
        ("Microsoft Dynamics 365 Developer", ["microsoft-dynamics", "software-engineering"]),
        ("Oracle DBA / Developer- 3", ["oracle-database", "software-engineering"]),
        ("Oracle Fusion", ["oracle-applications"]),
        ("Discovery for the beta phase", ["discovery", "alpha-and-beta-delivery"]),
        ("User research recruitment", ["research-participant-recruitment"]),
        ("Data migration, then cloud migration", ["data-migration", "cloud-migration"]),
        ("Test data management", ["test-environments"]),
        ("Accessibility audits and WCAG 2.2 checks", ["accessibility-testing"]),
        ("Geographic Information System (GIS)", ["geographic-information-systems"]),
        ("Go developer", ["golang"]),
        ("Salesforce CRM, salesforce", ["salesforce"]),
    ],
)  # fmt: skip
def test_a_title_names_its_capabilities(matcher, text, named):
    assert matcher.recognise(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "It is time to go, and we will get it done.",
        "The team needs to act on data before the next spring.",
        "We swift-ly react, express and box our tables; rust is on the old train.",
        "Their apiary, the crmson sunset and a javanese dish.",
        "Support for the people of the rural payments agency (RPA)",
        "MDM",
        "🙂" * 50,
    ],
)
def test_prose_names_nothing(matcher, text):
    assert matcher.recognise(text) == []


def test_the_longest_phrase_counts_and_what_it_covers_is_not_counted_again():
    matcher = Matcher([("data", "a"), ("cloud", "b"), ("cloud data platform", "c"), ("platform team lead", "d")])
    assert matcher.recognise("cloud data platform team lead, cloud data") == ["c", "b"]


def test_a_whole_phrase_is_named_and_a_part_is_not(matcher):
    assert (matcher.named("K8S"), matcher.named("pen tests"), matcher.named("pen")) == (
        "container-orchestration",
        "penetration-testing",
        None,
    )
