from odoo import fields, models


class HrEmployeeSkill(models.Model):
    _inherit = "hr.employee.skill"

    # It is no passive field: whoever changes the level by hand ends what the
    # certificate wrote, and the new line is theirs.
    certificate_id = fields.Many2one(
        "training.certificate",
        string="From certificate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="hr.group_hr_user",
        help="The certificate that wrote this skill, and whose end is its end.",
    )

    def _apply_skill_commands(self, commands):
        """Carry out versioned skill commands for any number of employees at once.

        ``hr.employee.write`` carries them out for one employee at a time, and hands
        several employees the same dict of values.

        :param commands: what ``_create_individual_skills`` or
            ``_expire_individual_skills`` returned
        """
        self.browse(command[1] for command in commands if command[0] == 2).unlink()
        ended = {}
        for operation, record_id, *values in commands:
            if operation == 1:
                day = values[0]["valid_to"]
                ended[day] = ended.get(day, self.browse()) + self.browse(record_id)
        for day, skills in ended.items():
            skills.write({"valid_to": day})
        self.create([command[2] for command in commands if command[0] == 0])
