"""The schemes in which organisations have numbers: codes as org-id.guide has them, labels, and how numbers look."""

import re
from dataclasses import dataclass

from app.accounts.models import CHARITIES, COMPANIES_HOUSE


@dataclass(frozen=True)
class Scheme:
    """One list of organisations: its name, the pattern of its numbers (without spaces), and an example."""

    label: str
    pattern: str
    example: str

    def read(self, typed: str) -> str:
        """The number as its register prints it, in capitals and without spaces; "" where it can be none."""
        bare = re.sub(r"[\s.]", "", typed).upper()
        written = (bare, bare.replace("-", ""))
        return next((each for each in written if re.fullmatch(self.pattern, each, re.ASCII)), "")


SCHEMES = {
    COMPANIES_HOUSE: Scheme("Companies House", r"\d{8}|[A-Z]{2}\d{6}|[A-Z]{2}\d{5}[A-Z]", "01234567"),
    CHARITIES: Scheme("Charity Commission", r"\d{6,7}(-\d{1,4})?", "1234567"),
    "GB-SC": Scheme("Scottish Charity Register", r"SC\d{6}", "SC012345"),
    "GB-NIC": Scheme("Charity Commission for Northern Ireland", r"(NIC)?\d{6}", "100123"),
    "GB-MPR": Scheme("Mutuals Public Register", r"(IP|RS|NP)?\d{1,6}R?", "RS001234"),
    "GB-UKPRN": Scheme("UK Register of Learning Providers", r"1\d{7}", "10012345"),
    "VAT": Scheme("VAT registration", r"(GB|XI)?\d{9}(\d{3})?|(?!GB|XI)[A-Z]{2}[A-Z0-9]{2,12}", "GB123456789"),
    "XI-DUNS": Scheme("DUNS number", r"\d{9}", "123456789"),
    "XI-LEI": Scheme("Legal Entity Identifier", r"[A-Z0-9]{18}\d{2}", "2138001234567890AB12"),
    "GB-ICO": Scheme("Data protection register", r"Z[A-Z]?\d{6,7}", "ZA123456"),
}
LABELS = {code: scheme.label for code, scheme in SCHEMES.items()}
