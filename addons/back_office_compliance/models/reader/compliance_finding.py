from odoo import models
from odoo.exceptions import AccessError

from ... import reader_rights


class ComplianceFinding(models.Model):
    """Findings with figures of many records, for who may read each of them."""

    _inherit = "compliance.finding"  # pylint: disable=consider-merging-classes-inherited

    def _get_reader_model(self, name=None):
        """Return the model of the check, with the rights of the reader.

        In the company and the time zone of the engine, so that groups are the same. The
        auditor has all rights on the company: names and figures of its findings only.

        :param name: another model
        """
        # sudo: to learn the model of the check
        check = self.sudo().check_id._as_engine(self.company_id)
        Model = check.env[name or check.model].with_user(self.env.user)
        # sudo: the auditor reads every figure of a finding
        return Model.sudo(reader_rights.is_auditor(self.env))

    def _filter_whole_groups(self):
        """Return the findings of which the reader may read each record behind them.

        The records are counted twice, with all rights and with those of the reader:
        with fewer records, the figures would tell about records of others.
        """
        whole = self.browse()
        # sudo: to learn which checks are asked
        by_check = self.sudo().grouped(lambda f: (f.check_id, f.company_id))
        for (check, company), findings in by_check.items():
            if company not in self.env.user.company_ids or check.model not in self.env:
                continue
            if reader_rights.is_auditor(self.env):
                whole |= findings
                continue
            ids = findings.mapped("res_id")
            reader = findings[0].with_env(self.env)
            try:
                Model = reader._get_reader_model(check._get_summed_model())
                own = check._count_behind(company, ids, Model)
                everything = check._count_behind(company, ids)
            except (AccessError, KeyError, ValueError):
                # not for this reader, or the check asks for something else by now
                continue
            keys = {finding: finding._get_behind_key() for finding in findings}
            whole |= findings.filtered(
                lambda f, own=own, everything=everything, keys=keys: (
                    keys[f] in everything and own.get(keys[f]) == everything[keys[f]]
                )
            )
        return whole.with_env(self.env)

    def _get_behind_key(self):
        """Return the key by which ``_count_behind`` has the finding."""
        is_group = self.check_id.kind == "aggregate"
        return self.res_id, self.key if is_group else None
