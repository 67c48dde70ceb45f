from odoo import models
from odoo.tools import email_normalize, email_normalize_all

NOTE = "mail.mt_note"


class DeskMailGuard(models.AbstractModel):
    """What e-mails from outside may do to a contact or a request.

    Anyone can write any sender and refer to any earlier message. So an e-mail joins a
    conversation only where its sender takes part in it, and else starts a contact of
    its own: it isn't lost, and what was said before isn't sent to a stranger.
    """

    _name = "desk.mail.guard"
    _description = "E-mails from outside"

    def _get_partner_family(self):
        """Return the customers who take part in the conversation."""
        self.ensure_one()
        commercial = self.partner_id.commercial_partner_id
        # companies below it are customers of their own
        domain = [("commercial_partner_id", "in", commercial.ids)]
        return commercial.search(domain)

    def _get_conversation_emails(self):
        """Return the normalised addresses that take part in the conversation."""
        self.ensure_one()
        family = self._get_partner_family()
        addresses = {
            address
            for raw in [*family.mapped("email"), self._get_first_sender()]
            if raw
            for address in email_normalize_all(raw)
        }
        followers = self.message_partner_ids.filtered(
            lambda partner: any(not user.share for user in partner.user_ids)
        )
        return addresses | {email_normalize(each.email) for each in followers}

    def _get_first_sender(self):
        """Return the sender of the e-mail that began the conversation, if one did."""
        self.ensure_one()
        return self.email_from if "email_from" in self._fields else False

    def message_post(self, **kwargs):
        """Put an e-mail of a stranger to this conversation on the board instead.

        :return: the message, which may be on a contact of its own
        """
        if kwargs.get("message_type") != "email":
            return super().message_post(**kwargs)
        for name in ("body", "subject"):
            # PostgreSQL keeps no NUL, and a message must not be lost for one
            if isinstance(kwargs.get(name), str):
                kwargs[name] = type(kwargs[name])(kwargs[name].replace("\x00", ""))
        if self._is_stranger(kwargs.get("email_from")):
            # sudo: the gateway writes for nobody in particular, and the contact
            # belongs to the company of this conversation
            contacts = self.env["desk.contact"].sudo()
            contact = contacts.with_context(
                mail_create_nolog=True, mail_create_nosubscribe=True
            ).create(self._stranger_vals(kwargs))
            kwargs = {
                **kwargs,
                "parent_id": False,
                "partner_ids": [],
                "subtype_id": self.env.ref(NOTE).id,
            }
            return contact.message_post(**kwargs)
        return super().message_post(**kwargs)

    def _is_stranger(self, email_from):
        self.ensure_one()
        sender = email_normalize(email_from or "", strict=False)
        return not sender or sender not in self._get_conversation_emails()

    def _stranger_vals(self, message):
        self.ensure_one()
        sender = message.get("email_from") or ""
        # sudo: the guess is the program's; a person confirms it
        contacts = self.env["desk.contact"].sudo()
        return {
            "sender_partner_id": contacts._guess_sender(sender, self.company_id).id,
            "name": message.get("subject") or self.env._("(no subject)"),
            "channel": "email",
            "direction": "in",
            "user_id": False,
            "email_from": sender or self.env._("unknown"),
            "team_id": self.team_id.id if "team_id" in self._fields else False,
            "company_id": self.company_id.id,
        }
