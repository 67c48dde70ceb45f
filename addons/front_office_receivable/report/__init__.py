from . import receivable_customer
from . import receivable_expected
from . import receivable_item
