from . import receivable_item
