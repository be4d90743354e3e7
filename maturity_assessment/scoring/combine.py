"""The published rule that combines evidence, answer and waiver of one capability.

| evidence       | answer         | result                                    | confidence |
|----------------|----------------|-------------------------------------------|------------|
| present        | yes            | the higher of both rungs                  | high       |
| present        | no, unknown, - | the evidence's rung                       | medium     |
| partial        | any            | 1; with a reference 2, never above        | medium     |
| absent         | yes            | 1, claimed; with a reference 2            | low        |
| absent         | no             | 0                                         | high       |
| not assessable | yes or no      | the answer's rung, declared               | declared   |
| any            | not applicable | left out, unless there is evidence        | -          |

Present is 2, and 3 where a workflow does it by itself. In points, as the gates count: 0 for
rung 0, 0.5 for rung 1, 1 from rung 2 on.
"""

from dataclasses import replace
from datetime import date

from ..evidence import Evidence, Finding, Status, Strength
from ..questionnaire.answers import Answer, Reply, Waiver
from .standing import Confidence, Standing, State

UNSEEN = Answer(Reply.UNKNOWN)


def points(ladder: int) -> float:
    """What a rung counts in a gate."""
    return min(ladder, 2) / 2


def combine(
    finding: Finding, answer: Answer | None, waiver: Waiver | None, today: date
) -> Standing:
    """Say where a capability stands on a day; a waiver that has expired only leaves a remark."""
    standing = combine_answer(finding, answer)
    if waiver is None:
        return standing
    if waiver.expires < today:
        expired = f"The waiver of {waiver.author} expired on {waiver.expires}."
        return replace(standing, remarks=(*standing.remarks, expired))
    return waive(standing, waiver)


def combine_answer(finding: Finding, answer: Answer | None) -> Standing:
    """Choose the row of the table."""
    said = answer or UNSEEN
    rows = {
        Status.PRESENT: combine_present,
        Status.PARTIAL: combine_partial,
        Status.ABSENT: combine_absent,
        Status.NOT_ASSESSABLE: combine_unseen,
    }
    unproven = finding.status in (Status.ABSENT, Status.NOT_ASSESSABLE)
    if said.reply is Reply.NOT_APPLICABLE and unproven:
        return leave_out(finding.capability, said)
    return rows[finding.status](finding, said)


def leave_out(capability: str, answer: Answer) -> Standing:
    """What does not apply here counts nowhere, and says why."""
    return Standing(
        capability,
        State.NOT_APPLICABLE,
        Confidence.DECLARED,
        *(None, None, None, None),
        remarks=(f"Declared not applicable: {answer.note}",),
    )


def runs_by_itself(finding: Finding) -> bool:
    """Tell whether automation does it: a workflow's step, or a trigger of its own."""
    by_trigger = finding.attributes.get("trigger") in ("automatic", "approval", "tag")
    steps = (e for e in finding.evidence if e.kind == "workflow_step")
    return by_trigger or any(step.operative for step in steps)


def is_strong(evidence: tuple[Evidence, ...]) -> bool:
    """Tell whether one operative piece was seen wired from end to end."""
    return any(e.operative and e.strength is Strength.STRONG for e in evidence)


def combine_present(finding: Finding, answer: Answer) -> Standing:
    """Evidence stands by itself; an answer may raise the rung, and never lowers it."""
    seen = 3 if runs_by_itself(finding) else 2
    agreed = answer.reply.affirms
    remarks: tuple[str, ...] = ()
    if answer.reply in (Reply.NO, Reply.PLANNED):
        remarks = ("The answer says no: the team may not know that it has this.",)
    if answer.reply is Reply.NOT_APPLICABLE:
        remarks = ("Declared not applicable, and yet there is evidence.",)
    sure = agreed or (answer == UNSEEN and is_strong(finding.evidence))
    return Standing(
        finding.capability,
        State.EVIDENCED,
        Confidence.HIGH if sure else Confidence.MEDIUM,
        max(seen, answer.reply.ladder),
        *(1.0, 1.0, 1.0),
        remarks=remarks,
    )


def combine_partial(finding: Finding, answer: Answer) -> Standing:
    """Half of it was seen: only a reference lifts it, and not above 2."""
    ladder = 2 if answer.reply.affirms and answer.reference else 1
    shown = max(0.5, points(answer.reply.ladder))
    return Standing(
        finding.capability,
        State.PARTIAL,
        Confidence.MEDIUM,
        ladder,
        *(0.5, points(ladder), shown),
        remarks=(say_claim(answer),) if answer.reply.affirms else (),
    )


def combine_absent(finding: Finding, answer: Answer) -> Standing:
    """What a scan would see and did not is a claim at best, capped until it is shown."""
    if not answer.reply.affirms:
        sure = answer.reply in (Reply.NO, Reply.PLANNED)
        confidence = Confidence.HIGH if sure else Confidence.MEDIUM
        nothing = (0, 0.0, 0.0, 0.0)
        return Standing(finding.capability, State.ABSENT, confidence, *nothing)
    ladder = min(answer.reply.ladder, 2 if answer.reference else 1)
    return Standing(
        finding.capability,
        State.CLAIMED,
        Confidence.LOW,
        ladder,
        *(0.0, points(ladder), points(answer.reply.ladder)),
        remarks=(say_claim(answer),),
    )


def combine_unseen(finding: Finding, answer: Answer) -> Standing:
    """Where no scanner can look, the answer is the only word, and is marked as one."""
    if answer.reply in (Reply.UNKNOWN, Reply.NOT_APPLICABLE):
        open_ended = (None, None, None, None)
        name = finding.capability
        return Standing(name, State.OPEN, Confidence.LOW, *open_ended)
    worth = points(answer.reply.ladder)
    return Standing(
        finding.capability,
        State.DECLARED if answer.reply.affirms else State.ABSENT,
        Confidence.DECLARED,
        answer.reply.ladder,
        *(0.0, worth, worth),
        remarks=(f"Declared: {answer.reply}{say_where(answer)}.",),
    )


def say_claim(answer: Answer) -> str:
    """Say what is claimed, and what the claim points to."""
    rest = "" if answer.reference else "; nothing shows it yet"
    return f"Claimed: {answer.reply}{say_where(answer)}{rest}."


def say_where(answer: Answer) -> str:
    """Name what the answer points to."""
    return f", see {answer.reference}" if answer.reference else ""


def waive(standing: Standing, waiver: Waiver) -> Standing:
    """Set the scan's word aside: evidence keeps what it counts, a claim is only a claim."""
    said = f"Waived ({waiver.reason}) by {waiver.author} until {waiver.expires}."
    remarks = (*standing.remarks, f"{said} {waiver.note}".strip())
    if standing.state is State.EVIDENCED:
        return replace(standing, remarks=remarks)
    claims = waiver.reason.affirms
    return replace(
        standing,
        state=State.WAIVED,
        confidence=Confidence.LOW,
        ladder=max(standing.ladder or 0, 1) if claims else None,
        claimed=max(standing.claimed or 0.0, 0.5) if claims else None,
        shown=1.0,
        remarks=remarks,
    )
