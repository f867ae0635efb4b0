"""Exactly 1,530 invented students of the intake of 2010, of whom 1,080 from Guizhou."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from jobfair.demo.draw import Weighted, load_settings
from jobfair.demo.people import People
from jobfair.school.rules.drafts import StudentDraft
from jobfair.school.rules.events import Level

_JUNIOR_MIDDLE, _SENIOR_HIGH = "71", "61"
_PROOF_MONTHS = date(2011, 6, 30)


def students() -> Iterator[StudentDraft]:
    """Give the students, the same on every call; the counts by county are those of the file."""
    settings = load_settings("students_2010")
    people = People(settings["seed"], phone_series=2, spare=True)
    random = people.random
    homes = [county for county, count in settings["counties"].items() for _ in range(count)]
    random.shuffle(homes)
    majors = Weighted.of(settings["majors"])
    categories = Weighted.of(settings["household_categories"])
    entry = date.fromisoformat(settings["entry_day"])
    for number, county in enumerate(homes, start=1):
        senior = random.random() * 100 < settings["senior_percent"]
        sex = "2" if random.random() * 100 < settings["women_percent"] else "1"
        # Senior students come from senior high school and are older; nobody is under fifteen.
        age = random.choice((16, 17, 17)) if senior else random.choice((15, 15, 16))
        person = people.identity(people.homes.draw(random, county), sex, age, entry)
        applied_on = entry - timedelta(days=random.randint(10, 60))
        major = majors.one(random)
        category = categories.one(random)
        yield StudentDraft(
            name=person.name,
            id_number=person.id_number,
            home_division=person.home_division,
            intake_year=settings["intake_year"],
            applied_on=applied_on,
            major=major,
            level=Level.SENIOR if senior else Level.SECONDARY,
            enrolled_on=entry + timedelta(days=random.choice((0, 0, 0, 1, 2, 3))),
            student_number=f"2010{number:05d}",
            school_class=_school_class(random, major, senior=senior),
            phone=person.phone,
            address=person.address,
            household_category=category,
            category_valid_until=None if category == "general" else _PROOF_MONTHS,
            guardian_consent_on=applied_on,
            education=_SENIOR_HIGH if senior else _JUNIOR_MIDDLE,
            evidence="",
            source="demo",
        )


def _school_class(random: Random, major: str, *, senior: bool) -> str:
    return f"2010级{major}{'高级' if senior else '中级'}{random.randint(1, 4)}班"
