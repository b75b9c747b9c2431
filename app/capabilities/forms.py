"""Forms of the vocabulary."""

from app.capabilities import queries
from app.capabilities.phrases import MOST_CHARACTERS, fault_of
from app.kernel.forms import Form, Text


class SynonymForm(Form):
    """Another phrase for a capability."""

    phrase = Text(
        "What else do people write for it?",
        required="Enter a word or a phrase",
        max_length=MOST_CHARACTERS,
        hint="For example, k8s for Kubernetes. It must not mean anything else.",
    )

    def cross_check(self) -> None:
        phrase = self.content["phrase"]
        owner = queries.find_capability_named(phrase)
        if fault := fault_of(phrase):
            self.fail("phrase", fault)
        elif owner:
            self.fail("phrase", f"“{phrase}” means {owner.name} already")
