import logging
import xmlrpc.client

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import email_normalize_all

from ..mail_repair import IDENTIFIER, repair, wrap

_logger = logging.getLogger(__name__)

AUTOMATIC = ("auto-replied", "auto-generated", "auto-notified")


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Put an e-mail to the desk that nothing can read on the board as a file."""
        if isinstance(message, xmlrpc.client.Binary):
            message = bytes(message.data)
        raw = message.encode() if isinstance(message, str) else message
        args = (custom_values, save_original, strip_attachments, thread_id)
        try:
            with self.env.cr.savepoint():
                return super().message_process(model, raw, *args)
        except OperationalError:
            # Odoo tries again, or the mail server brings it again
            raise
        except Exception:
            wrapped = wrap(raw)
            if not self._desk_is_ours(wrapped):
                raise
            _logger.warning("An e-mail to the desk can't be read", exc_info=True)
            self.env.invalidate_all()
            return super().message_process(model, wrapped, *args)

    @api.model
    def _desk_is_ours(self, wrapped):
        """Whether an e-mail is for the desk or answers one of its messages.

        :param wrapped: the e-mail with plain headers, as bytes
        """
        head = wrapped.partition(b"\r\n\r\n")[0].decode("ascii", errors="ignore")
        head = head.replace("\r\n ", " ").replace("\r\n\t", " ")
        # sudo: the gateway compares with all addresses of the desk
        aliases = self.env["desk.team"].sudo().with_context(active_test=False)
        addresses = set(
            aliases.search([("alias_name", "!=", False)]).mapped("alias_full_name")
        )
        if addresses & set(email_normalize_all(head.replace("\r\n", ",\r\n"))):
            return True
        # sudo: as above, with its messages
        messages = self.env["mail.message"].sudo()
        models = ("desk.contact", "desk.request", "desk.proposal")
        domain = [("message_id", "in", IDENTIFIER.findall(head))]
        return bool(messages.search_count(domain + [("model", "in", models)], limit=1))

    @api.model
    def message_parse(self, message, save_original=False):
        """Read e-mails that Odoo would refuse for a broken header or character set.

        Else what the customer wrote is lost.
        """
        return super().message_parse(repair(message), save_original=save_original)

    def _message_route_process(self, message, message_dict, routes):
        """Remember that a machine has written, such as the one of an absent customer.

        :param message: the e-mail; RFC 3834 says how machines mark theirs
        """
        if str(message.get("Auto-Submitted", "")).lower().startswith(AUTOMATIC):
            self = self.with_context(desk_mail_automatic=True)
        return super()._message_route_process(message, message_dict, routes)
