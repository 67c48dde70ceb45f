from dataclasses import dataclass, field

from odoo import Command, api, models

from ... import role_file
from ...role_file import Problem, Requirement, Role
from .skill_catalogue import SOURCE, SkillCatalogue


@dataclass
class Plan:
    """What a file does to one role: nothing is written before it is applied."""

    role: models.BaseModel
    vals: dict
    sentences: list[str] = field(default_factory=list)


class OfficeRoleFile(models.AbstractModel):
    """Writes roles with their requirements to a CSV file, and takes them from one.

    The lines of a role in the file are all that it asks for: what they leave out is
    removed from the role.
    """

    _name = "office.role.file"
    _description = "File of Role Profiles"

    # --- export -----------------------------------------------------------------------

    @api.model
    def _export(self, roles):
        """Return the file of some roles.

        :param roles: ``office.role`` records
        :return: bytes
        """
        return role_file.write(
            Role(
                role.code,
                role.name,
                role.side,
                [
                    Requirement(
                        each.skill_type_id.name,
                        each.skill_id.name,
                        each.skill_level_id.name,
                        each.must_have,
                        each.weight,
                    )
                    for each in role.skill_ids
                ],
            )
            for role in roles.with_context(lang=SOURCE)
        )

    # --- import -----------------------------------------------------------------------

    @api.model
    def _read(self, data, company):
        """Return what a file would do, and what is wrong with it.

        :param data: the bytes of the file
        :param company: ``res.company`` of new roles; none to share them
        :return: list of :class:`Plan`, and list of sentences; if there are sentences,
            the plan must not be applied
        """
        roles, problems = role_file.read(data)
        known = self._find_roles(roles)
        catalogue = SkillCatalogue(self.env)
        plans = []
        for role in roles:
            wanted, found = catalogue.find_all(role.requirements)
            problems += found + self._check_role(role, known)
            if not problems:
                plans.append(self._plan(role, known[role.code], wanted, company))
        problems.sort(key=lambda problem: problem.line)
        return plans, [self._put_into_words(problem) for problem in problems]

    @api.model
    def _find_roles(self, lines):
        """Return the role of each code in the file; none where the code is free."""
        codes = [role.code for role in lines]
        roles = self.env["office.role"].with_context(active_test=False)
        # sudo: a code is unique across companies, and archived roles keep theirs; what
        # the user may not see is refused in _check_role and never shown
        found = roles.sudo().search([("code", "in", codes)])
        by_code = {role.code: role.with_env(self.env) for role in found}
        return {code: by_code.get(code, self.env["office.role"]) for code in codes}

    @api.model
    def _check_role(self, role, known):
        """Return what keeps a role of the file from being written."""
        record = known[role.code]
        if not record:
            return [
                Problem("new_role", role.line, heading, {"code": role.code})
                for heading, value in (("role_name", role.name), ("side", role.side))
                if not value
            ]
        if not record._filtered_access("read"):
            return [Problem("foreign", role.line, "role_code", {"code": role.code})]
        if not record.active:
            return [Problem("archived", role.line, "role_code", {"code": role.code})]
        return []

    @api.model
    def _plan(self, role, record, wanted, company):
        """Return what to write for one role.

        :param role: the role in the file
        :param record: the ``office.role`` record, or none
        :param wanted: what it is to ask for, as ``_get_requirement_terms`` has it
        :param company: the company of a new role
        """
        vals = {}
        source = record.with_context(lang=SOURCE)
        if role.name and role.name != source.name:
            vals["name"] = role.name
        if role.side and role.side != record.side:
            vals["side"] = role.side
        present = record._get_requirement_terms() if record else {}
        commands = self._get_commands(record, present, wanted)
        if commands:
            vals["skill_ids"] = commands
        if not record:
            vals |= {"code": role.code, "company_id": company.id}
        sentences = self._describe_plan(source, vals, present, wanted)
        return Plan(record, vals, sentences)

    @api.model
    def _get_commands(self, record, present, wanted):
        """Return the commands that make the requirements those of the file."""
        lines = {line.skill_id: line for line in record.skill_ids}
        names = ("skill_level_id", "must_have", "weight")
        return [
            *(
                Command.delete(line.id)
                for skill, line in lines.items()
                if skill not in wanted
            ),
            *(
                Command.update(
                    lines[skill].id,
                    dict(zip(names, (level.id, must_have, weight), strict=True)),
                )
                for skill, (level, must_have, weight) in wanted.items()
                if skill in lines and present[skill] != (level, must_have, weight)
            ),
            *(
                Command.create(
                    {
                        "skill_id": skill.id,
                        **dict(zip(names, (level.id, must_have, weight), strict=True)),
                    }
                )
                for skill, (level, must_have, weight) in wanted.items()
                if skill not in lines
            ),
        ]

    @api.model
    def _describe_plan(self, record, vals, present, wanted):
        """Return what the file does to one role, the role first."""
        if not record:
            return [
                self.env._(
                    "New: %(role)s (%(code)s), skills: %(count)s",
                    role=vals["name"],
                    code=vals["code"],
                    count=len(wanted),
                )
            ]
        if not vals:
            return [self.env._("Unchanged: %s", record.name)]
        sentences = [self.env._("Updated: %s", record.name)]
        if "name" in vals:
            sentences.append(self.env._("Name becomes “%s”", vals["name"]))
        if "side" in vals:
            sides = dict(record._fields["side"]._description_selection(self.env))
            sentences.append(self.env._("Side becomes “%s”", sides[vals["side"]]))
        return sentences + record._describe_differences(present, wanted)

    @api.model
    def _apply(self, plans):
        """Write what was planned, as the user, all or nothing.

        :return: the ``office.role`` records in the file
        """
        roles = self.env["office.role"].with_context(lang=SOURCE)
        new = roles.create([plan.vals for plan in plans if not plan.role])
        for plan in plans:
            if plan.role and plan.vals:
                plan.role.with_context(lang=SOURCE).write(plan.vals)
        known = roles.union(*(plan.role for plan in plans))
        # now, while the file is at hand: a rule of the database may refuse
        self.env.flush_all()
        return (known + new).with_env(self.env)

    # --- words ------------------------------------------------------------------------

    @api.model
    def _put_into_words(self, problem):
        """Return the sentence of a problem: where it is, what it is, what to do."""
        words = (
            self._get_words()
            | self._get_words_of_lines()
            | self._get_words_of_records()
        )
        sentence = words[problem.code] % {
            "column": problem.heading,
            **problem.values,
        }
        if not problem.line:
            return sentence
        if not problem.heading:
            return self.env._(
                "Line %(line)s: %(sentence)s", line=problem.line, sentence=sentence
            )
        return self.env._(
            "Line %(line)s, column %(column)s: %(sentence)s",
            line=problem.line,
            column=problem.heading,
            sentence=sentence,
        )

    @api.model
    def _get_words(self):
        """Return the sentences of what is wrong with a whole file, by their code."""
        return {
            "too_big": self.env._(
                "The file is larger than %(limit)s MB. Split it by roles."
            ),
            "no_utf8": self.env._(
                "This is not a text in UTF-8. Save the file as CSV UTF-8."
            ),
            "unstorable": self.env._(
                "There is a character that cannot be kept. Delete it."
            ),
            "no_table": self.env._(
                "A quotation mark is not closed. Close it, or double it."
            ),
            "empty": self.env._(
                "The file has no roles. Add a line for each requirement."
            ),
            "no_headings": self.env._(
                "The first line lacks the columns %(headings)s. Add them, or export "
                "a role and begin with that file."
            ),
            "unknown_heading": self.env._(
                "There is no such column. Rename or delete it."
            ),
            "double_heading": self.env._(
                "The column stands twice. Delete one of them."
            ),
            "too_long": self.env._(
                "There are more cells than headings. Delete the surplus."
            ),
        }

    @api.model
    def _get_words_of_lines(self):
        """Return the sentences of what stands in a line, by their code."""
        return {
            "no_code": self.env._(
                "The code of the role is missing. Add it, e.g. front_desk."
            ),
            "code": self.env._(
                "“%(value)s” is no code. Begin with a small letter and use only small "
                "letters, digits and underscores."
            ),
            "side": self.env._("“%(value)s” is no side. Write front or back."),
            "conflict": self.env._(
                "“%(value)s” contradicts “%(before)s” in an earlier line of the same "
                "role. Write the same in both, or leave one empty."
            ),
            "missing": self.env._(
                "The cell is empty. Fill it, or empty all columns of the skill for a "
                "role without requirements."
            ),
            "must_have": self.env._(
                "“%(value)s” is neither yes nor no. Write yes or no."
            ),
            "weight": self.env._(
                "“%(value)s” is no weight. Write a whole number from 1 to 5."
            ),
            "duplicate": self.env._(
                "The role asks for “%(value)s” in line %(before)s already. Keep one "
                "of the two lines."
            ),
        }

    @api.model
    def _get_words_of_records(self):
        """Return the sentences of what the database does not know, by their code."""
        return {
            "new_role": self.env._(
                "The role %(code)s is new and needs this column. Fill it in the first "
                "line of the role."
            ),
            "foreign": self.env._(
                "The code %(code)s is in use by a role that you cannot see. Choose "
                "another code."
            ),
            "archived": self.env._(
                "The role %(code)s is archived. Unarchive it first, or choose another "
                "code."
            ),
            "no_type": self.env._(
                "There is no skill type “%(value)s”.%(hint)s Correct it, or create "
                "it under Configuration, Skill Types."
            ),
            "no_skill": self.env._(
                "The skill type “%(type)s” has no skill “%(value)s”.%(hint)s Correct "
                "it, or add the skill to the type."
            ),
            "no_level": self.env._(
                "“%(value)s” is no level of %(type)s. Choose one of: %(levels)s."
            ),
            "ambiguous": self.env._(
                "There are several with the name “%(value)s”. Rename all but one."
            ),
            "again": self.env._(
                "The role asks for “%(value)s” in line %(before)s already, under "
                "another name. Keep one of the two lines."
            ),
        }
