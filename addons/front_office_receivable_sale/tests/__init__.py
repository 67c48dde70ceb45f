from . import test_contract
from . import test_attack_contract
from . import test_contract_tour
