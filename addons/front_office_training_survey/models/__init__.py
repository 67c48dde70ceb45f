from . import survey_question
from . import survey_user_input
from . import training_attempt
from . import training_enrolment_step
from . import training_programme
from . import training_programme_file
from . import training_step
