"""The short lists in which both needs and providers speak of constraints: key to label, in the order shown."""

CLEARANCES = {
    "none": "No clearance",
    "bpss": "Baseline personnel security standard (BPSS)",
    "ctc": "Counter-terrorist check (CTC)",
    "sc": "Security check (SC)",
    "dv": "Developed vetting (DV)",
}

PLACES = {
    "north_east": "North East England",
    "north_west": "North West England",
    "yorkshire": "Yorkshire and the Humber",
    "east_midlands": "East Midlands",
    "west_midlands": "West Midlands",
    "east": "East of England",
    "london": "London",
    "south_east": "South East England",
    "south_west": "South West England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
}

STANDARDS = {
    "service_standard": "Service Standard",
    "wcag22aa": "WCAG 2.2 AA accessibility",
    "cyber_essentials": "Cyber Essentials",
    "cyber_essentials_plus": "Cyber Essentials Plus",
    "iso27001": "ISO/IEC 27001 information security",
    "iso9001": "ISO 9001 quality",
    "iso20000": "ISO/IEC 20000-1 service management",
    "open_source": "Code released as open source",
    "open_standards": "Open standards for data",
    "dspt": "Data Security and Protection Toolkit",
}
