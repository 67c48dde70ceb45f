from collections import defaultdict
from difflib import get_close_matches

from ...role_file import Problem

# What stands in the file is in the language that Odoo's sources are in.
SOURCE = "en_US"


class SkillCatalogue:
    """The skills and levels by their names, in the source and the user's language."""

    def __init__(self, env):
        self.env = env
        types = env["hr.skill.type"].search([])
        self.types = self._by_name(types)
        self.skills = {each: self._by_name(each.skill_ids) for each in types}
        self.levels = {each: self._by_name(each.skill_level_ids) for each in types}

    def _by_name(self, records):
        """Return the records by their names in small letters."""
        result = defaultdict(records.browse)
        for each in (records, records.with_context(lang=SOURCE)):
            for record in each:
                name = (record.name or "").strip().lower()
                result[name] |= record.with_env(self.env)
        return dict(result)

    def find_all(self, requirements):
        """Return what a role is to ask for, and what is not found.

        :return: dict as ``office.role._get_requirement_terms`` returns it, and list of
            :class:`Problem`
        """
        wanted, lines, problems = {}, {}, []
        for each in requirements:
            skill, level, found = self._find(each)
            problems += found
            if found:
                continue
            if skill in wanted:
                values = {"value": skill.name, "before": lines[skill]}
                problems.append(Problem("again", each.line, "skill", values))
            else:
                wanted[skill] = (level, each.must_have, each.weight)
                lines[skill] = each.line
        return wanted, problems

    def _find(self, each):
        """Return the skill and the level of a line, and what is not found."""
        skill_type, problems = self._pick(
            self.types, each.skill_type, "no_type", each.line, "skill_type"
        )
        if problems:
            return None, None, problems
        name = skill_type.name
        skill, problems = self._pick(
            self.skills[skill_type], each.skill, "no_skill", each.line, "skill", name
        )
        level, more = self._pick(
            self.levels[skill_type], each.level, "no_level", each.line, "level", name
        )
        return skill, level, problems + more

    def _pick(self, by_name, value, code, line, heading, type_name=""):
        """Return the record of a name, or the problem that there is not just one."""
        record = by_name.get(value.lower())
        if record is not None and len(record) == 1:
            return record, []
        if record:
            return None, [Problem("ambiguous", line, heading, {"value": value})]
        close = get_close_matches(value.lower(), by_name, n=1)
        hint = ""
        if close:
            hint = self.env._(" Do you mean “%s”?", by_name[close[0]][:1].name)
        values = {
            "value": value,
            "type": type_name,
            "hint": hint,
            "levels": ", ".join(dict.fromkeys(each.name for each in by_name.values()))
            if code == "no_level"
            else "",
        }
        return None, [Problem(code, line, heading, values)]
