"""What is submitted: what a response lacks, what it says as a whole, and the commitment that binds it.

Pure functions over loaded rows. A submission keeps profile, evidence and requirements as they stood at that moment.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.kernel import audit
from app.kernel.sealing import BrokenSeal
from app.needs.models import MUST, Need, Requirement
from app.providers.models import LIVE, Evidence, SolutionProfile
from app.responses.coalitions.terms import lacking, said_of_members
from app.responses.models import Response, SubmissionReceipt
from app.responses.promised import Promise, PromisedAsset, TeamPlace, list_from, list_to

OFFER, TEAM, TRANSFER, ASSETS, COALITION = "offer", "team", "transfer", "assets", "coalition"
PROFILE_FIELDS = (
    *("id", "title", "problem", "approach", "users", "technologies", "low_pence", "high_pence", "price_unit"),
    *("clearance", "places", "remote", "standards"),
)
EVIDENCE_FIELDS = ("id", "title", "client", "text", "result", "finished_on", "standing")


@dataclass(frozen=True)
class Gap:
    """One thing that a response must say before it can be submitted, and the section in which it is mended."""

    section: str
    sentence: str


def offer_gaps(profile: SolutionProfile | None, price_pence: int | None) -> list[Gap]:
    """What the offer lacks."""
    found = []
    if profile is None:
        found.append("Select the solution profile that you answer with")
    elif profile.state != LIVE:
        found.append("Select a solution profile that is published: the one you chose is not")
    if price_pence is None:
        found.append("Enter your price")
    return [Gap(OFFER, sentence) for sentence in found]


def answer_gaps(requirement: Requirement, number: int, text: str) -> list[Gap]:
    """What the answer to one requirement lacks: every must-have wants words."""
    wanted = requirement.kind == MUST and not text.strip()
    return [Gap(requirement.id, f"Answer requirement {number}, which is a must-have")] if wanted else []


def gaps(response: Response) -> list[Gap]:
    """What the whole response lacks, in the order of its sections."""
    found = offer_gaps(response.profile, response.price_pence)
    for number, requirement in enumerate(response.need.requirements, start=1):
        answer = response.answer_to(requirement)
        found += answer_gaps(requirement, number, answer.text if answer else "")
    found += [*promise_gaps(response.promises), *asset_gaps(response.assets)]
    return [*found, *(Gap(COALITION, sentence) for sentence in lacking(response))]


def promise_gaps(promises: list[Promise]) -> list[Gap]:
    """What promises of knowledge lack: one that is given says who learns what, by when."""
    unfinished = [n for n, each in enumerate(promises, start=1) if not (each.who and each.what and each.by_on)]
    return [Gap(TRANSFER, f"Say who learns what, and by when, in promise {number}") for number in unfinished]


def asset_gaps(assets: list[PromisedAsset]) -> list[Gap]:
    """What promised assets lack: one that is named says what it is, under which licence, when."""
    unfinished = [
        number
        for number, each in enumerate(assets, start=1)
        if not (each.kind and each.name and each.licence and each.released_on)
    ]
    return [Gap(ASSETS, f"Give kind, name, licence and date of asset {number}") for number in unfinished]


def is_over_the_frame(price_pence: int | None, need: Need) -> bool:
    """Whether a price is above all that the buyers say they have. That is allowed."""
    most = need.money[1]
    return price_pence is not None and most is not None and price_pence > most


def version_of_section(response: Response, names: Iterable[str]) -> int:
    """A number that is another one as soon as one of these attributes is."""
    told = [_plain(getattr(response, name)) for name in sorted(names)]
    return int(audit.fingerprint(told)[:7], 16)


def _plain(value: Any) -> Any:
    return list_to(value) if isinstance(value, list) else getattr(value, "id", value)


def content_of(response: Response) -> dict[str, Any]:
    """All that the response says, as plain JSON."""
    content = {
        "response": response.id,
        "need": response.need_id,
        "provider": response.provider_id,
        "profile": _taken(response.profile, PROFILE_FIELDS) if response.profile else None,
        "summary": response.summary,
        "price_pence": response.price_pence,
        "available_from": response.available_from,
        "knowledge_transfer": response.knowledge_transfer,
        "team": list_to(response.team),
        "promises": list_to(response.promises),
        "assets": list_to(response.assets),
        "answers": [_answer_content(response, requirement) for requirement in response.need.requirements],
        **said_of_members(response),
    }
    plain: dict[str, Any] = json.loads(audit.canonical(content))
    return plain


def _taken(row: SolutionProfile | Evidence, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: getattr(row, field) for field in fields}


def _answer_content(response: Response, requirement: Requirement) -> dict[str, Any]:
    answer = response.answer_to(requirement)
    return {
        "requirement": requirement.id,
        "asked": requirement.text,
        "kind": requirement.kind,
        "text": answer.text if answer else "",
        "evidence": [_taken(evidence, EVIDENCE_FIELDS) for evidence in (answer.evidence if answer else [])],
    }


def fingerprint(response: Response) -> str:
    """What tells that a response still says what a page showed."""
    return audit.fingerprint(content_of(response))


def is_intact(receipt: SubmissionReceipt) -> bool:
    """Whether what is sealed is what was submitted: recomputes the commitment."""
    try:
        return audit.commitment(receipt.content, receipt.salt) == receipt.commitment
    except BrokenSeal:
        return False


def binds(receipt: SubmissionReceipt, content: str, salt: str) -> bool:
    """Whether the receipt's commitment was made of this content, as canonical JSON, and this salt."""
    return hashlib.sha256((salt + content).encode("utf-8", "replace")).hexdigest() == receipt.commitment


def is_opened_intact(receipt: SubmissionReceipt) -> bool:
    """Whether what the opening showed, and officers read, is what was submitted."""
    return audit.commitment(receipt.opened_content or {}, receipt.opened_salt or "") == receipt.commitment


@dataclass(frozen=True)
class SubmittedAnswer:
    """What a submission says to one requirement."""

    requirement_id: str
    asked: str
    kind: str
    text: str
    evidence: list[dict[str, Any]]


@dataclass(frozen=True)
class Submission:
    """A response as it was submitted, ready to be read."""

    response: Response
    receipt: SubmissionReceipt
    profile: dict[str, Any]
    summary: str
    price_pence: int
    available_from: date | None
    knowledge_transfer: str
    answers: list[SubmittedAnswer]
    team: list[TeamPlace]
    promises: list[Promise]
    assets: list[PromisedAsset]
    # of a coalition: each member, and the provider's id for each requirement's
    members: list[dict[str, Any]] = field(default_factory=list)
    answered_by: dict[str, str] = field(default_factory=dict)

    def member_answering(self, requirement: Requirement) -> str:
        """The name of the member that answers it; nothing where one answers alone."""
        names = {member["provider"]: member["name"] for member in self.members}
        return str(names.get(self.answered_by.get(requirement.id, ""), ""))

    def answer_to(self, requirement: Requirement) -> SubmittedAnswer | None:
        """What it says to this requirement."""
        return next((answer for answer in self.answers if answer.requirement_id == requirement.id), None)

    def answers_no_longer_asked(self, need: Need) -> list[SubmittedAnswer]:
        """Answers to requirements that an amendment took away afterwards."""
        asked = {requirement.id for requirement in need.requirements}
        return [answer for answer in self.answers if answer.requirement_id not in asked]


def read_submission(receipt: SubmissionReceipt) -> Submission:
    """The submission that the opening showed."""
    said = receipt.opened_content or {}
    given = said["available_from"]
    return Submission(
        response=receipt.response,
        receipt=receipt,
        profile=said["profile"],
        summary=said["summary"],
        price_pence=said["price_pence"],
        available_from=date.fromisoformat(given) if given else None,
        knowledge_transfer=said["knowledge_transfer"],
        answers=[_read_answer(answer) for answer in said["answers"]],
        team=list_from(TeamPlace)(said.get("team", [])),
        promises=list_from(Promise)(said.get("promises", [])),
        assets=list_from(PromisedAsset)(said.get("assets", [])),
        members=said.get("members", []),
        answered_by=said.get("answered_by", {}),
    )


def _read_answer(said: dict[str, Any]) -> SubmittedAnswer:
    evidence = [item | {"finished_on": date.fromisoformat(item["finished_on"])} for item in said["evidence"]]
    return SubmittedAnswer(said["requirement"], said["asked"], said["kind"], said["text"], evidence)
