import re
from collections import defaultdict
from dataclasses import replace
from functools import partial

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import programme_file, programme_table
from ..programme_file import TRANSLATIONS, Field, Problem, shorten

EXTERNAL_ID = re.compile(r"[a-z0-9_]+\.[\w.-]+")

# The types of fields that stand in the file as they are.
KINDS = {
    "char": "text",
    "text": "text",
    "html": "text",
    "integer": "integer",
    "float": "number",
    "boolean": "boolean",
    "selection": "choice",
}


class TrainingProgrammeFile(models.AbstractModel):
    """Writes a programme to a file, and makes one from it.

    What an add-on adds to a step goes along by itself when its name is in
    ``training.step._snapshot_fields`` and it is text, a number, a choice or a tick.
    Other fields need :meth:`_get_step_keys`, :meth:`_export_step` and
    :meth:`_import_step`.
    """

    _name = "training.programme.file"
    _description = "File of a Programme"

    # --- fields -----------------------------------------------------------------

    @api.model
    def _get_programme_fields(self):
        """Hook: return the names of the programme's own fields in the file."""
        return [
            "name",
            "description",
            "validity_months",
            "reminder_days",
            "max_attempts",
            "issues_certificate",
            "refresher_days",
        ]

    @api.model
    def _get_programme_keys(self):
        """Hook: return the further keys of the programme's part of the file."""
        return ["roles", "skills"]

    @api.model
    def _get_step_keys(self):
        """Hook: return the further keys of a step in the file."""
        return ["criteria", "evidence_rule"]

    @api.model
    def _specify(self, model, names):
        """Return what may stand in the fields of a model, for those with a plain type.

        :param model: name of the model
        :param names: names of its fields
        :return: dict of name to :class:`programme_file.Field`
        """
        fields = self.env[model]._fields
        return {
            name: Field(
                kind=KINDS[fields[name].type],
                required=fields[name].required,
                has_default=bool(fields[name].default),
                translated=bool(fields[name].translate),
                minimum=None if name == "sequence" else 0,
                choices=tuple(fields[name].get_values(self.env))
                if fields[name].type == "selection"
                else (),
            )
            for name in names
            if fields[name].type in KINDS
        }

    @api.model
    def _specify_programme(self):
        return self._specify("training.programme", self._get_programme_fields())

    @api.model
    def _specify_step(self):
        return self._specify(
            "training.step", self.env["training.step"]._snapshot_fields()
        )

    @api.model
    def _specify_criterion(self):
        specs = self._specify(
            "training.criterion", self.env["training.criterion"]._snapshot_fields()
        )
        specs["weight"] = replace(specs["weight"], minimum=1, maximum=5)
        return specs

    @api.model
    def _get_table_shape(self):
        """Return which columns the file has as a table."""
        return programme_table.Shape(
            self._specify_programme(),
            self._specify_step(),
            self._specify_criterion(),
            self._get_programme_keys(),
            self._get_step_keys(),
        )

    # --- export -----------------------------------------------------------------

    @api.model
    def _export(self, programme):
        """Return the file of a programme as JSON.

        :param programme: a ``training.programme`` record
        :return: bytes
        """
        return programme_file.serialise(self._export_content(programme))

    @api.model
    def _export_table(self, programme):
        """Return the file of a programme as CSV, with a line for each step.

        :param programme: a ``training.programme`` record
        :return: bytes
        """
        return programme_table.write(
            self._export_content(programme), self._get_table_shape()
        )

    @api.model
    def _export_content(self, programme):
        """Return what the file says of a programme, whatever its format."""
        source = programme.with_context(lang="en_US")
        specs = self._specify_step()
        return programme_file.document(
            {
                **self._export_programme(source),
                **self._export_translations(source, self._specify_programme()),
            },
            [
                {
                    **self._export_step(step),
                    **self._export_translations(step, specs),
                }
                for step in source.step_ids.sorted(
                    lambda step: (step.sequence, step.id)
                )
            ],
        )

    @api.model
    def _export_programme(self, programme):
        """Hook: return what the file says of a programme, in the source language."""
        return {
            **self._export_fields(programme, self._specify_programme()),
            # sudo: a code is no secret, and the programme names the role anyway
            "roles": sorted(programme.sudo().role_ids.mapped("code")),
            "skills": [
                {
                    "type": line.skill_type_id.name,
                    "skill": line.skill_id.name,
                    "level": line.skill_level_id.name,
                }
                for line in programme.skill_ids
            ],
        }

    @api.model
    def _export_step(self, step):
        """Hook: return what the file says of a step, in the source language.

        An add-on adds its keys (see :meth:`_get_step_keys`) with values that JSON
        knows; they are compared between versions as well.

        :param step: a ``training.step`` record with ``lang`` en_US
        """
        criteria = step.criterion_ids.sorted(lambda each: (each.sequence, each.id))
        specs = self._specify_criterion()
        return {
            **self._export_fields(step, self._specify_step()),
            "criteria": [self._export_fields(each, specs) for each in criteria],
            "evidence_rule": step.evidence_rule_id.code or None,
        }

    @api.model
    def _export_fields(self, record, specs):
        return {
            name: (record[name] or None)
            if spec.kind in ("text", "choice")
            else record[name]
            for name, spec in specs.items()
        }

    @api.model
    def _export_translations(self, record, specs):
        """Return the translations of a record that differ from the source."""
        translations = defaultdict(dict)
        for language, _name in self.env["res.lang"].get_installed():
            translated = record.with_context(lang=language)
            for name, spec in specs.items():
                if spec.translated and translated[name] != record[name]:
                    translations[language][name] = translated[name] or None
        return {TRANSLATIONS: dict(translations)} if translations else {}

    @api.model
    def _export_reference(self, record):
        """Return the text that names a record of another app in the file.

        :param record: a record with ``lang`` en_US, or none
        :return: its external id where an app brought it, else its name; None for none
        """
        # sudo: whoever exports need not be allowed to read every record of that app,
        # and the step shows the name anyway
        record = record.sudo()
        external_id = record.get_external_id().get(record.id) if record else ""
        # an id that an export or an import made is another one in each database
        if external_id and not external_id.startswith("__"):
            return external_id
        return record[record._rec_name] or None if record else None

    # --- import -----------------------------------------------------------------

    @api.model
    def _read(self, data, company=None):
        """Read a file and say all that is wrong with it. Nothing is created.

        :param data: bytes
        :param company: ``res.company`` record of the programme, none for all companies
        :return: what :meth:`_import` takes, and a list of sentences
        """
        content, problems, cells = self._parse(data)
        if content is not None:
            problems += [
                replace(problem, cells=cells.get((problem.section, problem.number), {}))
                for problem in programme_file.validate(
                    content,
                    self._specify_programme(),
                    self._specify_step(),
                    self._get_programme_keys(),
                    self._get_step_keys(),
                )
            ]
        sentences = [self._describe(problem) for problem in problems]
        if content is None or any(
            problem.code in ("other_format", "other_version", "no_part", "no_list")
            for problem in problems
        ):
            return None, sentences
        values = self._import_values(content, company, sentences, cells)
        return (None if sentences else values), sentences

    @api.model
    def _parse(self, data):
        """Return what :func:`programme_table.read` does, of either format."""
        if programme_table.is_table(data):
            return programme_table.read(data, self._get_table_shape())
        return *programme_file.parse(data), {}

    @api.model
    def _import_values(self, content, company, sentences, cells):
        """Return the values of the programme and of its steps, each with translations.

        :param sentences: list that gets what is wrong
        :param cells: where the parts stand in a table, from :meth:`_parse`
        """
        parts = [("programme", 0, content["programme"])]
        parts += [("step", *each) for each in enumerate(content["steps"], 1)]
        result = []
        is_sound = not sentences
        for section, number, part in parts:
            place = Problem("", section, number, cells=cells.get((section, number), {}))

            def problem(field, sentence, index=None, place=place):
                sentences.append(self._at(place, field, sentence, index=index))

            if place.section == "programme":
                values = self._import_programme(part, company, problem)
            else:
                values = self._import_step(part, problem)
                values.setdefault("sequence", 10 * place.number)
            if is_sound:
                model = f"training.{place.section}"
                self._check_translations(model, part, place, sentences)
            result.append((values, part.get(TRANSLATIONS) or {}))
        return result

    @api.model
    def _import_programme(self, part, company, problem):
        """Hook: return the values of the programme from its part of the file.

        :param part: dict from the file; its plain fields have been checked
        :param company: as in :meth:`_read`
        :param problem: function to call with a field and a sentence, and with the
            ``index`` of the entry when the field holds a list
        """
        values = self._import_fields(part, self._specify_programme())
        roles = self._import_roles(part.get("roles"), company, problem)
        lines = self._import_skills(part.get("skills"), problem)
        return {
            **values,
            "company_id": company.id if company else False,
            "role_ids": [Command.set(roles.ids)],
            "skill_ids": [Command.create(line) for line in lines],
        }

    @api.model
    def _import_step(self, part, problem):
        """Hook: return the values of a step from its part of the file.

        :param part: dict from the file; its plain fields have been checked
        :param problem: function to call with a field and a sentence
        """
        values = self._import_fields(part, self._specify_step())
        criteria = self._import_criteria(part.get("criteria"), problem)
        if criteria:
            values["criterion_ids"] = [Command.create(each) for each in criteria]
        rule = self._import_evidence_rule(part.get("evidence_rule"), problem)
        return {**values, "evidence_rule_id": rule.id}

    @api.model
    def _import_reference(self, field, text, Model, domain, problem):
        """Return the record that :meth:`_export_reference` named.

        :param field: key of the file that the text stands in
        :param text: external id or exact name, None for none
        :param Model: empty recordset of the model
        :param domain: ``Domain`` of what may be chosen
        :param problem: function to call with a field and a sentence
        :return: record, none when there is not exactly one
        """
        Model = Model.with_context(lang="en_US")
        if text is None:
            return Model
        if not isinstance(text, str) or programme_file.UNSTORABLE.search(text):
            problem(field, self.env._("must be a text: a name or an external id."))
            return Model
        found = Model
        if EXTERNAL_ID.fullmatch(text):
            model, res_id = self.env["ir.model.data"]._xmlid_to_res_model_res_id(text)
            if model == Model._name:
                found = Model.search(domain & Domain("id", "=", res_id))
        found = found or Model.search(
            domain & Domain(Model._rec_name, "=", text), limit=2
        )
        if len(found) == 1:
            return found
        problem(field, self._get_reference_sentence(found, text))
        return Model

    @api.model
    def _get_reference_sentence(self, found, text):
        """Return why a text names no one record.

        :param found: the records that it may mean
        """
        values = {"kind": found._description, "name": shorten(text)}
        if found:
            return self.env._(
                "there are several records “%(name)s” (%(kind)s). Rename all but one, "
                "or write the external id of the one that is meant.",
                **values,
            )
        return self.env._(
            "there is no record “%(name)s” (%(kind)s) that you may choose. Write its "
            "exact name in the source language, or its external id.",
            **values,
        )

    @api.model
    def _import_evidence_rule(self, code, problem):
        """Return the ``training.evidence.rule`` record with the code."""
        Rule = self.env["training.evidence.rule"]
        if code is None:
            return Rule
        if isinstance(code, str) and not programme_file.UNSTORABLE.search(code):
            rule = Rule.search([("code", "=", code)])
            if rule:
                return rule
        sentence = self.env._(
            "there is no rule of evidence with the code “%s”. Install the add-on that "
            "brings it.",
            shorten(str(code)),
        )
        problem("evidence_rule", sentence)
        return Rule

    @api.model
    def _import_criteria(self, criteria, problem):
        """Return the values of a step's criteria, in the source language."""
        if criteria is None:
            return []
        if not isinstance(criteria, list) or not all(map(self._is_criterion, criteria)):
            sentence = self.env._(
                "must be a list of parts, each with a name, a weight from 1 to 5, a "
                "sequence, and the texts level_1 to level_4."
            )
            problem("criteria", sentence)
            return []
        return criteria

    @api.model
    def _is_criterion(self, entry):
        """Whether a part of the file may become a criterion."""
        specs = self._specify_criterion()
        if not isinstance(entry, dict) or entry.keys() - specs.keys():
            return False
        if not entry.get("name"):
            return False
        return all(
            programme_file.is_valid(value, specs[name]) for name, value in entry.items()
        )

    @api.model
    def _import_fields(self, part, specs):
        return {
            name: False if part[name] is None else part[name]
            for name in specs
            if name in part
        }

    @api.model
    def _import_roles(self, codes, company, problem):
        """Return the ``office.role`` records with the codes."""
        Role = self.env["office.role"]
        if codes is None:
            return Role
        if not isinstance(codes, list) or not all(isinstance(c, str) for c in codes):
            problem("roles", self.env._("must be a list of codes, each in quotes."))
            return Role
        # The codes go into a query: what the database cannot hold is no code.
        storable = [
            code for code in codes if not programme_file.UNSTORABLE.search(code)
        ]
        found = {role.code: role for role in Role.search([("code", "in", storable)])}
        for code in codes:
            role = found.get(code)
            if not role:
                sentence = self.env._(
                    "there is no role with the code “%s”.", shorten(code)
                )
                problem("roles", sentence)
            elif role.company_id and role.company_id != company:
                sentence = self.env._(
                    "the role “%s” belongs to one company; import the programme for "
                    "that company.",
                    role.name,
                )
                problem("roles", sentence)
        return Role.union(*found.values())

    @api.model
    def _import_skills(self, skills, problem):
        """Return the values of the programme's skills."""
        if skills is None:
            return []
        keys = {"type", "skill", "level"}
        if not isinstance(skills, list) or not all(
            isinstance(each, dict)
            and each.keys() == keys
            and all(isinstance(text, str) for text in each.values())
            for each in skills
        ):
            sentence = self.env._(
                "must be a list of parts with the three keys type, skill and level, "
                "each a text in quotes."
            )
            problem("skills", sentence)
            return []
        catalogue = self._get_skill_catalogue({each["type"] for each in skills})
        lines = []
        for index, each in enumerate(skills):
            line = self._import_skill(each, catalogue, partial(problem, index=index))
            if line and line["skill_id"] in [other["skill_id"] for other in lines]:
                sentence = self.env._(
                    "“%s” stands there twice.", shorten(each["skill"])
                )
                problem("skills", sentence, index=index)
            elif line:
                lines.append(line)
        return lines

    @api.model
    def _get_skill_catalogue(self, names):
        """Return skills and levels by their names in the source language.

        :param names: names of the skill types
        :return: two dicts, of (type, skill) and of (type, level) to records
        """
        # The names go into a query: what the database cannot hold is no name.
        storable = [
            name for name in names if not programme_file.UNSTORABLE.search(name)
        ]
        types = (
            self.env["hr.skill.type"]
            .with_context(lang="en_US")
            .search([("name", "in", storable)])
        )
        skills = defaultdict(self.env["hr.skill"].browse)
        levels = defaultdict(self.env["hr.skill.level"].browse)
        for skill_type in types:
            for skill in skill_type.skill_ids:
                skills[skill_type.name, skill.name] += skill
            for level in skill_type.skill_level_ids:
                levels[skill_type.name, level.name] += level
        return dict(skills), dict(levels)

    @api.model
    def _import_skill(self, entry, catalogue, problem):
        """Return the values of one skill, or None when there is none of the names."""
        skills, levels = catalogue
        skill = skills.get((entry["type"], entry["skill"]))
        level = (levels.get((entry["type"], entry["level"])) or [])[:1]
        entry = {key: shorten(text) for key, text in entry.items()}
        if not skill:
            sentence = self.env._(
                "there is no skill “%(skill)s” of the type “%(type)s”.", **entry
            )
        elif len(skill) > 1:
            sentence = self.env._(
                "there are several skills “%(skill)s” of the type “%(type)s”. Rename "
                "one of them.",
                **entry,
            )
        elif not level:
            sentence = self.env._(
                "the skill “%(skill)s” has no level “%(level)s”.", **entry
            )
        else:
            return {
                "skill_type_id": skill.skill_type_id.id,
                "skill_id": skill.id,
                "skill_level_id": level.id,
            }
        problem("skills", sentence)
        return None

    @api.model
    def _import(self, parts):
        """Create a draft programme from what :meth:`_read` returned.

        A language that is not active here is left out, and the chatter says so.

        :return: the new ``training.programme`` record
        :raises UserError: when there is nothing to create it from
        """
        if not parts:
            raise UserError(self.env._("The file holds no programme."))
        (values, translations), *steps = parts
        source = self.env["training.programme"].with_context(lang="en_US")
        programme = source.create(
            {
                **values,
                "step_ids": [Command.create(each) for each, _texts in steps],
            }
        )
        active = {code for code, _name in self.env["res.lang"].get_installed()}
        left_out = set()
        # step_ids follows the sequence: the file's order is the one of the ids
        records = [programme, *programme.step_ids.sorted("id")]
        for record, texts in zip(
            records, [translations, *(texts for _values, texts in steps)], strict=True
        ):
            for language, terms in texts.items():
                if language in active:
                    self._import_translations(record, language, terms)
                else:
                    left_out.add(language)
        programme = programme.with_env(self.env)
        if left_out:
            programme.message_post(
                body=self.env._(
                    "Left out of the file, as these languages are not active here: %s",
                    ", ".join(sorted(left_out)),
                )
            )
        return programme

    @api.model
    def _import_translations(self, record, language, texts):
        """Write the texts of one language.

        :param record: record with ``lang`` en_US
        :param texts: dict of field name to text
        """
        for name, text in texts.items():
            field = record._fields[name]
            if not text or not record[name]:
                continue
            if callable(field.translate):
                # Such a field is translated passage by passage; writing the whole text
                # in another language would change the source.
                text = {
                    source: translated[language]
                    for source, translated in field.get_translation_dictionary(
                        record[name], {language: field.convert_to_cache(text, record)}
                    ).items()
                }
            record.update_field_translations(name, {language: text})

    @api.model
    def _check_translations(self, model, part, place, sentences):
        """Say where a translation has other passages than the source.

        :param model: name of the model that the part becomes
        :param sentences: list that gets what is wrong
        """
        record = self.env[model]
        for language, texts in (part.get(TRANSLATIONS) or {}).items():
            for name, text in texts.items():
                field = record._fields.get(name)
                if not callable(field and field.translate):
                    continue
                source, translated = (
                    len(field.get_trans_terms(field.convert_to_cache(each, record)))
                    if isinstance(each, str) and each
                    else 0
                    for each in (part.get(name), text)
                )
                if translated and translated != source:
                    sentence = self.env._(
                        "has %(translated)s passages and the source %(original)s. "
                        "Translate the text and leave the tags as they are.",
                        translated=translated,
                        original=source,
                    )
                    sentences.append(self._at(place, name, sentence, language))

    # --- words ------------------------------------------------------------------

    @api.model
    def _describe(self, problem):
        """Return the sentence for a problem: where, and what to do."""
        return self._at(
            problem, problem.field, self._get_sentence(problem), problem.language
        )

    @api.model
    def _at(self, place, field, sentence, language="", index=None):
        """Return a sentence after the place that it is about."""
        where = []
        cell = place.cell(field, language, index)
        if cell:
            line, column = cell
            where.append(self.env._("line %s", line))
            if column:
                where.append(self.env._("column %s", column))
        elif place.section == "step":
            where.append(self.env._("step %s", place.number))
        elif place.section == "programme":
            where.append(self.env._("programme"))
        if language:
            where.append(self.env._("language %s", language))
        if field:
            where.append(self.env._("field %s", field))
        if not where:
            return sentence
        return self.env._(
            "%(place)s: %(sentence)s", place=", ".join(where), sentence=sentence
        )

    @api.model
    def _get_sentence(self, problem):
        """Return what is wrong, without the place."""
        return (
            self._get_file_sentences(problem.values)
            | self._get_table_sentences(problem.values)
            | self._get_value_sentences(problem.values)
        )[problem.code]

    @api.model
    def _get_file_sentences(self, values):
        get = defaultdict(str, values)
        return {
            "too_big": self.env._("The file is larger than %s MB.", get["limit"]),
            "no_utf8": self.env._(
                "The file is no text in UTF-8 (byte %s). Choose the file that was "
                "exported, and save a table as “CSV UTF-8”.",
                get["position"],
            ),
            "no_json": self.env._(
                "The file is no JSON: line %(line)s, column %(column)s cannot be read.",
                line=get["line"],
                column=get["column"],
            ),
            "no_number": self.env._("“%s” is no number that JSON knows.", get["value"]),
            "double_key": self.env._(
                "The key “%s” stands twice in one part.", get["key"]
            ),
            "no_object": self.env._("The file holds no programme."),
            "other_format": self.env._(
                "must be “%s”: the file is something else.", get["format"]
            ),
            "other_version": self.env._(
                "must be %s: the file is from another version of this app.",
                get["version"],
            ),
            "no_part": self.env._(
                "must be a part in curly brackets, and is missing or not one."
            ),
            "no_list": self.env._("must be a list in square brackets."),
            "no_language": self.env._(
                "is no code of a language. Write it like sv_SE; the source language "
                "stands in the fields themselves."
            ),
        }

    @api.model
    def _get_table_sentences(self, values):
        return {
            "no_heading": self.env._(
                "there are no headings, of which the first is “part”. Choose the JSON "
                "or CSV file that was exported."
            ),
            "no_table": self.env._(
                "from here on the file is no CSV. Is there a quotation mark too many?"
            ),
            "double_column": self.env._("this heading stands there twice."),
            "no_heading_above": self.env._("there is no heading above this cell."),
            "no_programme_line": self.env._(
                "The file has no line with “programme” in the column “part”."
            ),
            "second_programme": self.env._(
                "there is a second programme. A file holds one."
            ),
            "no_step_above": self.env._(
                "a criterion stands below its step, and there is none above it."
            ),
            "other_part": self.env._(
                "a line of the kind “%s” has no such field. Leave the cell empty.",
                defaultdict(str, values)["part"],
            ),
            "no_json_cell": self.env._(
                "begins with a bracket or a quotation mark, and is no JSON."
            ),
        }

    @api.model
    def _get_value_sentences(self, values):
        get = defaultdict(str, values)
        kinds = {
            "text": self.env._("a text in quotes"),
            "choice": self.env._("one of the choices, in quotes"),
            "boolean": self.env._("true or false"),
            "tick": self.env._("yes or no"),
            "integer": self.env._("a whole number"),
            "number": self.env._("a number"),
        }
        return {
            "unknown_key": self.env._(
                "there is no such field. Is an app missing here?"
            ),
            "missing": self.env._("is missing."),
            "empty": self.env._("must not be empty."),
            "wrong_type": self.env._("must be %s.", kinds.get(get["kind"], "")),
            "unstorable": self.env._("holds a character that cannot be stored."),
            "no_choice": self.env._(
                "“%(value)s” is not one of: %(choices)s.",
                value=get["value"],
                choices=get["choices"],
            ),
            "too_large": self.env._("must not be beyond %s.", get["limit"]),
            "negative": self.env._("must be %s or more.", get["minimum"]),
        }
