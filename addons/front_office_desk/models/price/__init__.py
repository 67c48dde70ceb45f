from . import (
    desk_price_profile,
    desk_price_profile_line,
    product_pricelist,
    res_company,
    res_config_settings,
)
