from . import test_desk_sale
