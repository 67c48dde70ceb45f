from . import interview_round
