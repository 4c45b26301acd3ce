"""An assessment as lines for a terminal: what can be done, then article by article, why and until when."""

from collections.abc import Iterable, Sequence

from bixie.kit.messages import Language, Text, catalogue
from bixie.law.assessment import Assessment, Qualification, Step
from bixie.law.citation import name_with_id
from bixie.law.entries import Rule
from bixie.law.explanation import explain
from bixie.law.limits import TimeLimit
from bixie.law.reasons import Reason, listed_acts
from bixie.law.rendering import (
    explain_flag,
    explain_limit,
    question_text,
    remarks,
    substance,
    threshold_text,
)

__all__ = ["assessment_lines"]

_MARKS = {True: "+", False: "-", None: "?"}
_OVER = frozenset(("passed", "unless_discovered"))


def assessment_lines(found: Assessment, language: Language) -> list[str]:
    """Return the lines that ``bixie law assess`` prints.

    Parameters
    ----------
    found : Assessment
    language : {"zh", "en"}
    """
    printed = _Printed(found, language)
    return [
        printed.say("text.heading", on=found.on.isoformat()),
        "",
        *printed.questions(),
        *printed.steps(),
        *printed.articles(),
        *printed.not_met(),
        *printed.flags(),
        found.catalogue.disclaimer.in_(language),
    ]


class _Printed:
    """One assessment in one language."""

    def __init__(self, found: Assessment, language: Language) -> None:
        self.found = found
        self.explained = explain(found)
        self.law = found.catalogue
        self.language: Language = language
        self.numbers = {name: number for number, name in enumerate(self._asked(), 1)}

    def say(self, key: str, **values: object) -> str:
        return catalogue("bixie.law").text(key, **values).in_(self.language)

    def text(self, text: Text) -> str:
        return text.in_(self.language)

    def name(self, rule: Rule) -> str:
        """Return the short name of a rule with its id behind it."""
        return self.text(name_with_id(rule))

    @property
    def zh(self) -> bool:
        return self.language == "zh"

    def joined(self, parts: Iterable[str]) -> str:
        return ("；" if self.zh else "; ").join(parts)

    def steps(self) -> list[str]:
        if not self.explained.steps:
            return [self.say("text.no_steps"), ""]
        lines = [self.say("text.steps")]
        for number, step in enumerate(self.explained.steps, 1):
            lines += self._step(number, step)
        return [*lines, f"  {self.say('text.fair')}", ""]

    def _step(self, number: int, step: Step) -> list[str]:
        notes = [self.say("status_name.depends")] if step.status == "depends" else []
        if step.limits and all(limit.state in _OVER for limit in step.limits):
            notes.append(self.say("text.over"))
        mark = f"[{' · '.join(notes)}] " if notes else ""
        lines = [f"  {number}. {mark}{self.text(step.entry.title)}"]
        if step.status != "expired":
            lines.append(f"     {self.text(step.entry.how)}")
        if step.questions:
            lines.append(f"     {self.say('text.first', questions=self._numbered(step.questions))}")
        lines += [f"     {line}" for line in self._limits(step.limits)]
        return [*lines, f"     {self.say('text.basis', rules=self.joined(map(self.name, step.rules)))}"]

    def _limits(self, limits: Sequence[TimeLimit]) -> list[str]:
        many = len(self.found.prepared.acts) > 1
        return [
            self.say(
                "text.limit_of_acts" if many else "text.limit",
                acts=", ".join(str(index + 1) for index in limit.acts),
                limit=explain_limit(limit, self.law),
            )
            for limit in limits
        ]

    def articles(self) -> list[str]:
        lines = []
        for key, wanted in (("text.open", True), ("text.expired", False)):
            chosen = [
                one for one in self.found.qualifications if one.status != "not_met" and one.is_open is wanted
            ]
            if chosen:
                lines += [self.say(key), ""]
            for one in chosen:
                lines += [*self._article(one), ""]
        return lines

    def _article(self, one: Qualification) -> list[str]:
        notes = [self.say(f"status_name.{one.status}")]
        limits = self.explained.limits[one.rule.id]
        if one.is_open and limits and all(limit.state in _OVER for limit in limits):
            notes.append(self.say("text.over"))
        if one.tier:
            notes.append(self.say(f"tier_name.{one.tier}"))
        lines = [f"[{' · '.join(notes)}] {self.name(one.rule)}"]
        lines += [f"  {line}" for line in self._because(self.explained.reasons[one.rule.id])]
        lines += [f"  {line}" for line in self._limits(limits)]
        lines.append(f"  {self.text(substance(one.rule))}")
        if one.is_open:
            lines += [f"  {self.text(text)}" for text in self._remarks(one)]
        lines.append(f"  {self.say(f'confidence_name.{one.confidence.lower()}')}")
        return lines

    def _because(self, given: Iterable[Reason]) -> list[str]:
        """Return what is met and what fails, each on its line, then the questions that are open."""
        lines, missing = [], dict[tuple[int, ...], dict[str, None]]()
        for reason in given:
            if reason.met is None:
                missing.setdefault(reason.acts, {}).update(dict.fromkeys(reason.questions))
            elif reason.condition != "in_force" or not reason.met:  # every open article is in force
                lines.append(f"{_MARKS[reason.met]} {self.text(reason.text)}")
        for acts, names in missing.items():
            text = self.say("text.missing", questions=self._numbered(names))
            if acts and len(self.found.prepared.acts) > 1:
                text = self.say("because.of_acts", text=text, acts=listed_acts(acts))
            lines.append(f"{_MARKS[None]} {text}")
        return lines

    def _remarks(self, one: Qualification) -> list[Text]:
        said = [catalogue("bixie.law").text(f"basis.{one.basis}")] if one.basis else []
        said += [threshold_text(line) for line in one.thresholds]
        said += [line.note for line in one.thresholds if line.note]
        return [*said, *remarks(one.rule)]

    def not_met(self) -> list[str]:
        closed = [one for one in self.found.qualifications if one.status == "not_met"]
        if not closed:
            return []
        lines = [self.say("text.not_met")]
        for one in closed:
            because = self.joined(self.text(reason.text) for reason in self.explained.reasons[one.rule.id])
            lines.append(f"  {self.name(one.rule)}")
            lines.append(f"    {self.say('text.because', reasons=because)}")
            lines += [f"    {line}" for line in self._sources(self.explained.reasons[one.rule.id])]
        return [*lines, ""]

    def _sources(self, given: Iterable[Reason]) -> list[str]:
        names = dict.fromkeys(name for reason in given for line in reason.thresholds for name in line.sources)
        if not names:
            return []
        shown = (self.text(self.law.sources[name].name) for name in names)
        return [self.say("text.sources", sources=self.joined(shown))]

    def _asked(self) -> Iterable[str]:
        """Return every question once, in the order in which the steps and articles need them."""
        opened = [one for one in self.found.qualifications if one.is_open]
        given = [
            *(step.questions for step in self.explained.steps),
            *(reason.questions for one in opened for reason in self.explained.reasons[one.rule.id]),
            *(one.questions for one in opened),
        ]
        return dict.fromkeys(name for names in given for name in names)

    def _numbered(self, names: Iterable[str]) -> str:
        """Return questions by their numbers in the list."""
        numbers = sorted(self.numbers[name] for name in names)
        key = "text.question" if len(numbers) == 1 else "text.several_questions"
        return self.say(key, numbers=("、" if self.zh else ", ").join(map(str, numbers)))

    def questions(self) -> list[str]:
        """Return the one place where each question is written out."""
        if not self.numbers:
            return []
        asked = (f"  {number}. {self.text(question_text(name))}" for name, number in self.numbers.items())
        return [self.say("text.questions"), *asked, ""]

    def flags(self) -> list[str]:
        said = dict.fromkeys(self.text(explain_flag(flag, self.law)) for flag in self.found.flags)
        return [self.say("text.flags"), *(f"  - {text}" for text in said), ""] if said else []
