import io
import json
import zipfile

from odoo import models
from odoo.tools import html2plaintext

# how Odoo works with the record, and not what is known of the person
TECHNICAL = {"message_", "activity_", "website_message", "my_", "office_", "legend_"}
# read into parts of their own
APART = {
    "attachment_ids",
    "applicant_skill_ids",
    "current_applicant_skill_ids",
    "meeting_ids",
    "access_token",
    "sequence",
    "color",
}


class HrApplicant(models.Model):
    """Everything that is held on an applicant, for that person."""

    _inherit = "hr.applicant"  # pylint: disable=consider-merging-classes-inherited

    def action_export_personal_data(self):
        """Download what is held on the applicant.

        :raises AccessError: when the user may not
        """
        self.ensure_one()
        self._check_fairness_right()
        return {
            "type": "ir.actions.act_url",
            "url": f"/hiring/personal-data/{self.id}",
            "target": "download",
        }

    def _get_personal_data_archive(self):
        """Return a ZIP file: ``application.json`` and the files of the application.

        :raises AccessError: when the user may not
        """
        self.ensure_one()
        self._check_fairness_right()
        # sudo: messages and files of others belong to it; the right is checked above
        applicant = self.sudo()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "application.json",
                json.dumps(
                    applicant._get_personal_data(),
                    ensure_ascii=False,
                    indent=2,
                    default=str,
                ),
            )
            for attachment in applicant._get_personal_files():
                if attachment.raw:
                    archive.writestr(
                        f"files/{attachment.id}-{_file_name(attachment.name)}",
                        attachment.raw,
                    )
        return stream.getvalue()

    def _get_personal_data(self):
        """Hook: return what is held on the applicant, in superuser mode.

        Extend it with a key for each thing that an add-on holds.

        :return: dict that JSON can hold; dates may be left as they are
        """
        self.ensure_one()
        return {
            "application": self._get_personal_fields(),
            "skills": self._get_personal_skills(),
            "match": self._get_personal_match(),
            "decisions": self._get_personal_decisions(),
            "messages": self._get_personal_messages(),
            "meetings": [
                {"name": event.name, "start": event.start, "stop": event.stop}
                for event in self.meeting_ids
            ],
            "activities": [
                {
                    "summary": activity.summary or activity.activity_type_id.name,
                    "note": html2plaintext(activity.note or ""),
                    "deadline": activity.date_deadline,
                }
                for activity in self.activity_ids
            ],
            "files": [
                {"name": file.name, "type": file.mimetype, "size": file.file_size}
                for file in self._get_personal_files()
            ],
            "voluntary_answers": self.env._(
                "Kept apart from the application and read by nobody. You may change "
                "them or take them back on your link: %s",
                self._get_identification_url() or "–",
            ),
        }

    def _get_personal_fields(self):
        """Return the stored values of the application by the labels of the fields."""
        names = [
            name
            for name, field in self._fields.items()
            if field.store
            and name not in APART
            and field.type != "one2many"
            and not any(name.startswith(prefix) for prefix in TECHNICAL)
        ]
        labels = self.fields_get(names, ["string"])
        return {
            f"{labels[name]['string']} ({name})": self._get_personal_value(name)
            for name in names
            if self[name] not in (False, None, "") and self[name]
        }

    def _get_personal_value(self, name):
        """Return the value of a field in words."""
        field, value = self._fields[name], self[name]
        if field.relational:
            return value.mapped("display_name")
        if field.type == "html":
            return html2plaintext(value)
        if field.type == "properties":
            return [
                {"name": each.get("string"), "value": each.get("value")}
                for each in self.read([name])[0][name]
            ]
        return value

    def _get_personal_skills(self):
        return [
            {
                "skill": skill.skill_id.name,
                "level": skill.skill_level_id.name,
                "progress": skill.level_progress,
                "valid_from": skill.valid_from,
                "valid_to": skill.valid_to or None,
            }
            for skill in self.applicant_skill_ids
        ]

    def _get_personal_match(self):
        """Return the scores of the applicant, and how that for the job comes about."""
        match = self.office_role_match_id
        others = self.env["office.role.match"].search(
            [("applicant_id", "=", self.id), ("for_job", "=", False)]
        )
        return {
            "role": match.role_id.name or None,
            "score": match.score if match.has_score else None,
            "why": [
                {
                    "skill": line.skill_id.name,
                    "must_have": line.must_have,
                    "required": line.required_progress,
                    "held": line.current_progress,
                    "weight": line.weight,
                    "part_of_the_score": line.points,
                }
                for line in self.office_match_line_ids
            ],
            "other_roles": [
                {
                    "role": other.role_id.name,
                    "score": other.score if other.has_score else None,
                }
                for other in others
            ],
        }

    def _get_personal_decisions(self):
        return [
            {
                "date": decision.date,
                "decision": decision.kind,
                "summary": decision.summary or None,
                "decided_by": decision.user_id.name,
                "score": decision.score if decision.has_score else None,
                "version_of_the_role": decision.role_version,
                "must_haves_missed": decision.skills_missed or None,
                "note": decision.note or None,
            }
            for decision in self.office_decision_ids
        ]

    def _get_personal_messages(self):
        """Return the messages, notes of the company's own people included.

        What somebody notes about a person is personal data of that person.
        """
        return [
            {
                "date": message.date,
                "author": message.author_id.name or message.email_from,
                "subject": message.subject or None,
                "text": html2plaintext(message.body or ""),
                "changes": [
                    each.field_id.field_description
                    for each in message.tracking_value_ids
                ],
            }
            for message in self.message_ids
        ]

    def _get_personal_files(self):
        """Return the files of the application and of its messages."""
        return self.message_ids.attachment_ids | self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )


def _file_name(name):
    """Return the name of a file without folders.

    >>> _file_name("../résumé.pdf")
    'résumé.pdf'
    """
    return (name or "file").replace("\\", "/").rsplit("/", 1)[-1] or "file"
