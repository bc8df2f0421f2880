"""What a workflow file has ready to say and to ask: answers, the checklist, surveys, two rules. Pure."""

from gateway.desk.sayings import AccountRule, CheckItem, ConformityRule, StandardAnswer, Survey
from gateway.desk.source import Table
from gateway.desk.ticket import Nature
from gateway.desk.verbs import TOLD
from gateway.desk.workflow_rows import StateRows, state_names


def read_answers(root: Table) -> tuple[StandardAnswer, ...]:
    answers: list[StandardAnswer] = []
    for row in root.tables("answer"):
        answer = StandardAnswer(
            name=row.string("name"),
            labels=row.labels("label"),
            text=row.labels("text"),
            unsolved=row.flag("unsolved"),
        )
        row.finish()
        if any(answer.name == other.name for other in answers):
            row.wrong("name", f"answer '{answer.name}' stands twice")
        answers.append(answer)
    return tuple(answers)


def read_checklist(root: Table) -> tuple[CheckItem, ...]:
    items: list[CheckItem] = []
    for row in root.tables("check"):
        item = CheckItem(name=row.string("name"), labels=row.labels("label"), evidence=row.flag("evidence"))
        row.finish()
        if "," in item.name or any(item.name == other.name for other in items):
            row.wrong("name", f"item '{item.name}' stands twice, or has a comma in its name")
        items.append(item)
    return tuple(items)


def read_surveys(root: Table) -> tuple[Survey, ...]:
    surveys: list[Survey] = []
    for row in root.tables("survey"):
        nature = row.string("nature") if row.has("nature") else ""
        if nature:
            row.must_know("nature", nature, list(Nature), what="nature")
        if any(nature == other.nature for other in surveys):
            row.wrong("nature", f"a second survey for {nature or 'all tickets'}")
        more = row.table("questions") if row.has("questions") else None
        survey = Survey(
            nature=nature,
            best=row.number("best") if row.has("best") else 5,
            question=row.labels("question"),
            questions={name: more.labels(name) for name in more.data} if more is not None else {},
        )
        if not 2 <= survey.best <= 10:
            row.wrong("best", "has to be between 2 and 10")
        row.finish()
        surveys.append(survey)
    return tuple(surveys)


def read_account(root: Table, states: StateRows) -> AccountRule | None:
    if not root.has("account"):
        return None
    row = root.table("account")
    to = row.string("to")
    row.must_know("to", to, states, what="state")
    row.finish()
    return AccountRule(to=to)


def read_conformity(root: Table, states: StateRows) -> ConformityRule | None:
    if not root.has("conformity"):
        return None
    row = root.table("conformity")
    rule = ConformityRule(
        actions=frozenset(row.one_of("actions", name, list(TOLD), what="answer") for name in row.strings("actions")),
        states=frozenset(state_names(row, "in", states)),
        hold=row.flag("hold"),
    )
    row.finish()
    return rule
