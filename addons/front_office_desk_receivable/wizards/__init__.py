from . import receivable_call_request
