"""The laws a vacancy can break, by short name; only clauses whose text was checked are named."""

from jobfair.kit.i18n import N_

EQUAL_ACCESS = N_("Employment Promotion Law, art. 3: equal employment, no discrimination")
FAIR_CONDITIONS = N_("Employment Promotion Law, art. 26: equal chances, fair conditions")
WOMEN = N_("Employment Promotion Law, art. 27: no refusal of women, no limits on marriage or birth")
ETHNIC = N_("Employment Promotion Law, art. 28: equal right to work for every ethnic group")
DISABLED = N_("Employment Promotion Law, art. 29: no discrimination of disabled people")
CARRIERS = N_("Employment Promotion Law, art. 30: no refusal of carriers of infectious diseases")
HEPATITIS_NOTICE = N_("Notice of three ministries 2010 no. 12: no hepatitis B tests at hiring")
RURAL = N_("Employment Promotion Law, art. 31: no discriminatory limits on rural workers")
MARKET = N_("Interim Regulations on Human Resources Markets, art. 24: no discriminatory content")
NO_DEPOSIT = N_("Labour Contract Law, art. 9: no deposits, no withheld documents")
MINIMUM_AGE = N_("Labour Law, art. 15: no one under 16")
MINORS = N_("Labour Law, art. 64: no restricted work for people of 16 and 17")
MINIMUM_WAGE = N_("Labour Law, art. 48: no pay below the local minimum wage")
PERSONAL_DATA = N_("Personal Information Protection Law, art. 6: ask for no more than needed")
