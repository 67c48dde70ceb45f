import hashlib
import re
import secrets

from odoo import api, fields, models
from odoo.fields import NO_ACCESS

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class ResUsers(models.Model):
    """The secret of a user's link to the calendar of filings; only its hash is kept."""

    _inherit = "res.users"

    compliance_token_hash = fields.Char(
        groups=NO_ACCESS, copy=False, index="btree_not_null"
    )
    compliance_token_on = fields.Datetime(groups=NO_ACCESS, copy=False)

    def write(self, vals):
        """Write; the link of a user who is archived ends for good."""
        if vals.get("active") is False:
            # sudo: nobody may write the columns
            self.sudo()._revoke_compliance_link()
        return super().write(vals)

    @api.private
    def _make_compliance_link(self):
        """Give the user a new secret, and return the link with it.

        :rtype: str
        """
        self.ensure_one()
        token = secrets.token_urlsafe(32)
        self.write(
            {
                "compliance_token_hash": self._hash_compliance_token(token),
                "compliance_token_on": fields.Datetime.now(),
            }
        )
        return f"{self.get_base_url()}/compliance/calendar/{token}.ics"

    @api.private
    def _revoke_compliance_link(self):
        """End the links of the users."""
        linked = self.filtered("compliance_token_hash")
        linked.write({"compliance_token_hash": False, "compliance_token_on": False})

    @api.model
    def _hash_compliance_token(self, token):
        # 256 random bits: no salt and no slow hash are needed against guessing
        return hashlib.sha256(token.encode()).hexdigest()

    @api.model
    def _get_by_compliance_token(self, token):
        """Return the active user of a secret, who may still read filings.

        :param str token: the secret of a link
        :rtype: res.users
        """
        if not TOKEN.fullmatch(token):
            return self.browse()
        user = self.search(
            [("compliance_token_hash", "=", self._hash_compliance_token(token))],
            limit=1,
        )
        may_read = user and self.env["compliance.filing"].with_user(user).has_access(
            "read"
        )
        return user if may_read else self.browse()
