from . import interview_skill_guide
from . import interview_question
from . import interview_round
from . import interview_round_line
from . import interview_scorecard
from . import interview_scorecard_line
from . import hr_applicant
from . import calendar_event
