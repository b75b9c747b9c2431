"""The rules of clarity, as a table: what each asks, its share of the 100 points, and the words of its findings."""

from app.needs.clarity.looks.content import (
    measures_have_baselines,
    money_is_said,
    musts_are_few,
    users_are_named,
)
from app.needs.clarity.looks.problem import is_explained
from app.needs.clarity.looks.providers import enough_could_meet_it
from app.needs.clarity.looks.reading_age import is_easy_to_read
from app.needs.clarity.looks.wording import abbreviations_are_explained, products_are_absent, words_are_plain
from app.needs.clarity.rule import Rule, Way
from app.needs.models import COMMITTED, EXPLORING, HORIZON, SHAPING

RULES = (
    Rule(
        key="problem",
        part="Explaining the problem",
        section="problem",
        points=20,
        rung=HORIZON,
        look=is_explained,
        why="Suppliers can only offer a better way when they know what goes wrong today.",
        ways={
            "empty": Way(
                "The problem is not explained.",
                "Write what goes wrong today, how often, and what it costs.",
                is_absence=True,
            ),
            "copy": Way(
                "The problem says the same as the title or the summary.",
                "Write here what goes wrong today, how often, and what it costs.",
            ),
            "solution": Way(
                "Only a solution is described, as in “{words}”.",
                "Write what goes wrong without it, how often, and what that costs. Move what you ask for to the "
                "requirements.",
            ),
            "short": Way(
                "The problem is told in {count}, which is very short.",
                "Tell enough for somebody who has never seen your work: at least a few sentences.",
            ),
            "wrong": Way(
                "No word says what goes wrong.",
                "Say what fails, is late, is lost, or cannot be done today.",
            ),
            "often": Way(
                "No number says how often this happens, or to how many.",
                "Give a number, such as “240 times a week” or “one form in five”. An estimate is good enough.",
            ),
            "cost": Way(
                "Nothing is said of what this costs: no money, hours, delay or harm.",
                "Say what follows from it, such as “six people spend a month on it”.",
            ),
        },
        reads_english=True,
    ),
    Rule(
        key="users",
        part="Who has the problem",
        section="problem",
        points=10,
        rung=EXPLORING,
        look=users_are_named,
        why="Suppliers plan research and size their answer by who has the problem, and how many they are.",
        ways={
            "empty": Way(
                "Nobody is named who has the problem.",
                "Say who they are, how many, and what they are trying to do.",
                is_absence=True,
            ),
            "vague": Way(
                "“{words}” can be anybody.",
                "Name the groups, such as “district nurses in three counties”.",
            ),
            "count": Way(
                "It is not said how many people have the problem.",
                "Give a number, even a rough one, such as “about 400 caseworkers”.",
            ),
        },
    ),
    Rule(
        key="measures",
        part="Measures with a baseline",
        section="outcomes",
        points=15,
        rung=SHAPING,
        look=measures_have_baselines,
        why="What became of the work is held against these. Without today's number nobody can tell what changed.",
        ways={
            "none": Way(
                "No outcome is given.",
                "Add at least one outcome with a measure, what it is today, and what it should be.",
                is_absence=True,
            ),
            "measure": Way(
                "“{outcome}” does not say how it is measured.",
                "Name something that can be counted, such as “days from application to decision”.",
            ),
            "baseline": Way(
                "“{outcome}” has no baseline.",
                "Enter what it is today, with its unit. An estimate is better than nothing: say that it is one.",
            ),
            "unknown": Way(
                "The baseline of “{outcome}” is “{baseline}”.",
                "Measure it for a week, or enter an estimate and say that it is one.",
            ),
        },
    ),
    Rule(
        key="budget",
        part="Money",
        section="money",
        points=10,
        rung=COMMITTED,
        look=money_is_said,
        why="Without a budget suppliers guess, and the small ones do not answer.",
        ways={
            "empty": Way(
                "No budget is given.",
                "Enter the lowest and the highest amount. A wide range is better than none.",
                is_absence=True,
            ),
            "half": Way("The {which} is missing.", "Enter both ends of the range.", is_absence=True),
        },
    ),
    Rule(
        key="musts",
        part="Six musts or fewer",
        section="requirements",
        points=5,
        rung=COMMITTED,
        look=musts_are_few,
        why="Each must turns providers away who could do all the rest. Beyond six, few are left to choose from.",
        ways={
            "many": Way(
                "{count} requirements are musts.",
                "Keep the six that nobody could do without, and make {over} nice to have. You could begin with the one "
                "of the lowest weight: “{lightest}”.",
            ),
        },
    ),
    Rule(
        key="products",
        part="Outcomes rather than products",
        section="requirements",
        points=10,
        rung=HORIZON,
        look=products_are_absent,
        why="A product's name shuts out everybody who could reach the same outcome in another way.",
        ways={
            "named": Way(
                "“{product}” names a product or a vendor.",
                "Say what it must do. If it is what you have today, say so under who supplies it today. If you must "
                "name it, add “or equivalent” and say why.",
            ),
        },
        reads_english=True,
        needs_words=True,
    ),
    Rule(
        key="jargon",
        part="Plain words",
        section="problem",
        points=5,
        rung=HORIZON,
        look=words_are_plain,
        why="Readers skip what they do not understand, and newcomers do not know the jargon of your trade.",
        ways={"jargon": Way("“{jargon}” is jargon.", "Instead: {plain}.")},
        reads_english=True,
        needs_words=True,
    ),
    Rule(
        key="abbreviations",
        part="Explaining abbreviations",
        section="problem",
        points=5,
        rung=HORIZON,
        look=abbreviations_are_explained,
        why="A supplier who is new to your work cannot look up what your department alone says.",
        ways={
            "unexplained": Way(
                "“{short}” is not explained.",
                "Write it out once, with the short form in brackets after it.",
            ),
        },
        reads_english=True,
        needs_words=True,
    ),
    Rule(
        key="reading_age",
        part="Ease of reading",
        section="problem",
        points=10,
        rung=HORIZON,
        look=is_easy_to_read,
        why="People read in a hurry, and on small screens. What a 14-year-old can read, everybody reads faster.",
        ways={
            "hard": Way(
                "The text needs a reading age of {age}. Aim for 14. The hardest sentence is “{sentence}”.",
                "Split it in two, and use shorter words.",
            ),
        },
        reads_english=True,
        needs_words=True,
    ),
    Rule(
        key="providers",
        part="Criteria that providers can meet",
        section="constraints",
        points=10,
        rung=COMMITTED,
        look=enough_could_meet_it,
        why="With fewer than three who can answer there is little to choose from, and the price is theirs to set.",
        ways={
            "barrier": Way(
                "Of {offering} providers, {eligible} could meet what you ask. {label} ({wanted}) removes most.",
                "Ask for it only if the work cannot be done without it. Without it there would be {left}.",
            ),
            "few": Way(
                "Of {offering} providers, {eligible} could meet what you ask.",
                "Look at each constraint, and keep only what the work cannot be done without.",
            ),
        },
    ),
)
