import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class TrainingJobMixin(models.AbstractModel):
    """Scheduled work on records: in batches, and a failure stays where it is.

    A model names in ``_job_error_field`` the text field that keeps its error, and its
    scheduled action calls :meth:`_work_in_batches`.
    """

    _name = "training.job.mixin"
    _description = "Scheduled Work on Records"

    _job_error_field = None

    @api.model
    def _work_in_batches(self, work, batch_size):
        """Do scheduled work, one transaction a batch, and report the progress.

        Each record is taken once a run, whether or not the work was done, so that one
        that fails does not come back before the next run.

        :param work: list of pairs of a domain, and the name of the method that does
            the work on the records it finds
        :param batch_size: records per transaction
        """
        remaining = sum(self.search_count(domain) for domain, _method in work)
        for domain, method_name in work:
            last_id = 0
            while records := self.search(
                domain & Domain("id", ">", last_id), limit=batch_size, order="id"
            ):
                last_id = records[-1].id
                remaining = max(remaining - len(records), 0)
                records._work_or_record_error(method_name)
                if not self.env["ir.cron"]._commit_progress(
                    len(records), remaining=remaining
                ):
                    return

    def _work_or_record_error(self, method_name):
        """Work on the batch at once; where that fails, one by one.

        An error stays on its record and stops nobody else; work that succeeds clears
        it. A lost connection or a serialization failure is raised: the cron runs again.

        :param method_name: name of the method that does the work
        """
        error_field = self._job_error_field
        try:
            with self.env.cr.savepoint():
                getattr(self, method_name)()
                self.filtered(error_field)[error_field] = False
        except OperationalError:
            raise
        except Exception as error:
            if len(self) == 1:
                _logger.warning("%s of %s failed", method_name, self, exc_info=True)
                # An error without words still is one.
                self[error_field] = str(error) or type(error).__name__
                return
            for record in self:
                record._work_or_record_error(method_name)
