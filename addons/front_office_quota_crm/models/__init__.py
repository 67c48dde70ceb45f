from . import quota_target
