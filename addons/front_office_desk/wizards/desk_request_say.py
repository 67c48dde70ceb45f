from odoo import api, fields, models


class DeskRequestSay(models.TransientModel):
    _name = "desk.request.say"
    _description = "Answer, ask or return"

    request_id = fields.Many2one(
        "desk.request", required=True, readonly=True, ondelete="cascade"
    )
    mode = fields.Selection(
        [
            ("answer", "Answer the customer"),
            ("await", "Ask the customer"),
            ("return", "Return to the front office"),
        ],
        required=True,
        readonly=True,
    )
    text = fields.Text(required=True)

    @api.constrains("request_id")
    def _check_request_id(self):
        self.request_id.check_access("read")

    def action_say(self):
        """Do what the dialog was opened for."""
        self.ensure_one()
        if self.mode == "answer":
            self.request_id.action_answer(self.text)
        elif self.mode == "return":
            self.request_id.action_return(self.text)
        else:
            self.request_id.action_await_customer(self.text)
        return True
