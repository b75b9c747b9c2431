"""Forms of starting from a copy or a template, and of keeping one."""

from app.accounts.models import Organisation
from app.kernel.forms import Choice, Form, LongText, Text
from app.needs.models import Need
from app.needs.starting.models import NeedTemplate


class CopyForm(Form):
    """A copy in a department of one's own."""

    department = Choice("Which department is it for?", style="select", required="Select a department")
    title = Text("Title of your need", called="The title", required="Enter a title", width="full")

    def __init__(self, source: Need, departments: list[Organisation]) -> None:
        super().__init__(data={"title": source.title})
        self.department.offer([(each, each.name) for each in departments])
        if len(departments) == 1 and not self.is_submitted():
            self.department.process_data(departments[0])


class StartForm(Form):
    """A draft from a template, whose department it gets."""

    title = Text("Title of your need", called="The title", required="Enter a title", width="full")


class TemplateForm(Form):
    """How a template is called, and when it is of use."""

    name = Text("Name of the template", called="The name", max_length=100, required="Enter a name")
    note = LongText(
        "When should it be used?",
        hint="One or two sentences, so that colleagues choose the right one.",
        called="When it should be used",
        required="Say when it should be used",
        lines=3,
        max_length=1_000,
    )

    def __init__(self, template: NeedTemplate | None = None) -> None:
        super().__init__(obj=template)
