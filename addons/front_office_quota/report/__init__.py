from . import quota_credit
