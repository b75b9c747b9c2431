"""Every table, in one import: for migrations, which must know them all."""

from app.accounts import models as accounts
from app.alerts import models as alerts
from app.capabilities import models as capabilities
from app.kernel import audit, jobs, mail, notices, search
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
from app.providers.catalogue import models as catalogue
from app.responses import models as responses
from app.reviews import models as reviews

ALL = (
    *(audit, jobs, mail, notices, search),
    *(accounts, capabilities),
    *(needs, approvals, attachments, comments, firsts, questions, starting),
    *(providers, catalogue, matching, responses, reviews, outcomes, alerts),
)
