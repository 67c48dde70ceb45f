from . import hr_background_check
