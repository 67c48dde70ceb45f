from . import slide_channel
from . import slide_channel_partner
from . import training_enrolment_step
from . import training_programme
from . import training_programme_file
from . import training_step
