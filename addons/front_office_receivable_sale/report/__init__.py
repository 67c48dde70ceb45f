from . import receivable_contract
from . import receivable_contract_step
