from . import desk_contact, res_partner
