from odoo import Command
from odoo.tools import SQL

from .common import TrainingFixture


class EvidenceFixture(TrainingFixture):
    """A programme of steps that ask for contacts made, and the rule that counts."""

    @classmethod
    def _set_up_training(cls):
        result = super()._set_up_training()
        cls.rule = cls._rule()
        cls.step_counted, cls.step_alone = cls._add_steps(
            {"name": "Make two contacts", "signoff": "trainer", "evidence_count": 2},
            {"name": "Make one contact", "signoff": "none", "evidence_count": 1},
        )
        return result

    @classmethod
    def _rule(cls, **vals):
        return cls.env["training.evidence.rule"].create(
            {
                "name": "Contacts made",
                "code": "test_contacts",
                "model_name": "res.partner",
                "domain": "[('ref', '=', 'counts')]",
                "user_field": "user_id",
                "date_field": "create_date",
                **vals,
            }
        )

    @classmethod
    def _add_steps(cls, *vals_list, rule=None):
        """Replace the steps of the programme, and publish it again."""
        cls.programme.action_revise()
        cls.programme.step_ids.unlink()
        cls.programme.step_ids = [
            Command.create(
                {
                    "kind": "evidence",
                    "evidence_rule_id": (rule or cls.rule).id,
                    "sequence": number,
                    **vals,
                }
            )
            for number, vals in enumerate(vals_list)
        ]
        cls.programme.action_publish()
        return cls.programme.step_ids.sorted("sequence")

    @classmethod
    def _contacts(cls, user, *moments, **vals):
        """Make a record of real work at each of the moments (in UTC)."""
        partners = cls.env["res.partner"].create(
            [
                {"name": "Contact", "ref": "counts", "user_id": user.id, **vals}
                for _moment in moments
            ]
        )
        cls.env.flush_all()
        for partner, moment in zip(partners, moments, strict=True):
            cls.env.cr.execute(
                SQL(
                    "UPDATE res_partner SET create_date = %s WHERE id = %s",
                    moment,
                    partner.id,
                )
            )
        cls.env.invalidate_all()
        return partners
