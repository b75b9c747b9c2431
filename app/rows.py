"""Every table, in one import: for migrations, which must know them all."""

from app.accounts import models as accounts
from app.alerts import models as alerts
from app.capabilities import models as capabilities
from app.kernel import audit, jobs, mail, notices, schedule, sealing_mark, search
from app.matching import models as matching
from app.needs import models as needs
from app.needs.approvals import models as approvals
from app.needs.attachments import models as attachments
from app.needs.comments import models as comments
from app.needs.firsts import models as firsts
from app.needs.questions import models as questions
from app.needs.starting import models as starting
from app.outcomes import models as outcomes
from app.providers import models as providers
from app.providers.accreditations import models as accreditations
from app.providers.catalogue import models as catalogue
from app.providers.registrations import models as registrations
from app.providers.wishes import models as wishes
from app.responses import models as responses
from app.responses.coalitions import models as coalitions
from app.responses.ideas import models as ideas
from app.responses.interest import models as interest
from app.reviews import models as reviews
from app.reviews.clarifications import models as clarifications
from app.reviews.feedback import models as feedback
from app.reviews.replies import models as replies

ALL = (
    *(audit, jobs, mail, notices, schedule, sealing_mark, search),
    *(accounts, capabilities),
    *(needs, approvals, attachments, comments, firsts, questions, starting),
    *(accreditations, catalogue, registrations, wishes),
    *(providers, matching, responses, ideas, interest, coalitions, reviews, outcomes, alerts),
    *(clarifications, feedback, replies),
)
