from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..desk_request import DONE


class DeskRequest(models.Model):
    """Two requests about the same thing become one, with nothing lost."""

    _inherit = "desk.request"  # pylint: disable=consider-merging-classes-inherited

    def _merge_into(self, target):
        """Move all that belongs to these requests to another one, and end them.

        :param target: the request that stays
        :raise UserError: when customers or companies differ, or one is done
        """
        self.check_access("write")
        target.check_access("write")
        sources = self - target
        if not sources:
            raise UserError(
                self.env._("%s: choose another request to merge.", target.display_name)
            )
        sources._check_mergeable(target)
        sources._check_complaint_stays(target)
        # sudo: contacts, improvements and e-mails of colleagues move along; both
        # requests were checked above
        sources, target = sources.sudo(), target.sudo()
        for source in sources:
            source.contact_ids.request_id = target
            source.improvement_ids.request_id = target
            target.refund_ids |= source.refund_ids
            target._merge_texts(source)
            target.message_subscribe(source.message_partner_ids.ids)
            source.message_change_thread(target)
            source.activity_ids.write({"res_id": target.id})
            source._move_attachments(target)
            source._resume()
            source.merged_ids.merged_into_id = target
            source.rating_ids.write({"res_id": target.id})
            source._move_papers(target)
        sources.write({"state": "merged", "merged_into_id": target.id, "active": False})
        target.message_post(
            body=self.env._("Merged: %s", ", ".join(sources.mapped("display_name"))),
            subtype_xmlid="mail.mt_note",
        )

    def _check_mergeable(self, target):
        for request in self + target:
            if request.state in DONE:
                raise UserError(
                    self.env._("%s is done and can't be merged.", request.display_name)
                )
            if (
                request.partner_id.commercial_partner_id
                != target.partner_id.commercial_partner_id
                or request.company_id != target.company_id
            ):
                raise UserError(
                    self.env._(
                        "%(one)s and %(other)s are not of the same customer and "
                        "company: each customer reads only their own.",
                        one=request.display_name,
                        other=target.display_name,
                    )
                )

    def _check_complaint_stays(self, target):
        for request in self:
            if request.kind == "complaint" != target.kind:
                raise UserError(
                    self.env._(
                        "%s is a complaint and closes only with its cause. Let it "
                        "stay, and merge the other one into it.",
                        request.display_name,
                    )
                )

    def _merge_texts(self, source):
        """Keep what was written in the other request."""
        self.ensure_one()
        texts = [self.description, f"{source.number}: {source.name}"]
        texts.append(source.description)
        self.description = "\n".join(filter(None, texts))
        for name in ("cause_id", "no_improvement_reason", "invoice_line_id"):
            self[name] = self[name] or source[name]

    def _move_papers(self, target):
        """Move price profiles, and the proposal where the other one has none."""
        self.ensure_one()
        profiles = self.env["desk.price.profile"].search([("request_id", "=", self.id)])
        profiles.request_id = target
        if not target.proposal_ids:
            self.proposal_ids.request_id = target

    def _move_attachments(self, target):
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        self.env["ir.attachment"].search(domain).write({"res_id": target.id})

    def action_open_merge(self):
        """Open the dialog in which the request that stays is chosen."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge"),
            "res_model": "desk.request.merge",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_ids": [Command.set(self.ids)]},
        }
