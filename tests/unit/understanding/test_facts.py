"""Whole messages in many voices: what is read, and what is left alone."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from time import process_time

import pytest

from waymark.adapters.content_yaml.lexicon import load_substance_lexicon
from waymark.domain.facts import Amount, AnswerKind, Facts, Span, SubstanceFact
from waymark.understanding.facts import FactReader

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2025, 6, 11, 15, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def reader() -> FactReader:
    return FactReader(load_substance_lexicon(ROOT / "content/lexicon/substances.yml"))


def span(value: Span) -> str:
    return f"{value.low:g}" if value.low == value.high else f"{value.low:g}-{value.high:g}"


def brief(fact: SubstanceFact) -> str:
    """A fact in one line: sign, name, amount, days a week, last use, route."""
    parts = [("-" if fact.negated else "+") + fact.name]
    if fact.amount:
        low_high = span(Span(fact.amount.low, fact.amount.high))
        strength = f" @{fact.amount.strength_mg:g}mg" if fact.amount.strength_mg else ""
        parts.append(f"{low_high} {fact.amount.unit}/{fact.amount.period}{strength}")
    if fact.days_per_week:
        parts.append("dpw" + span(fact.days_per_week))
    if fact.last_use:
        parts.append(f"last{fact.last_use.on}/{fact.last_use.hours_ago}")
    return " ".join([*parts, *(f"r:{route}" for route in fact.route)])


MESSAGES: list[tuple[str, list[str]]] = [
    ("I don't drink", ["-alcohol"]),
    ("never touched coke", ["-cocaine"]),
    ("off the heroin 3 years", ["-heroin last2022-06-11/None"]),
    ("my brother's on crack", []),
    ("he drinks 10 pints", []),
    ("smoked gear", ["+heroin r:smoke"]),
    ("2 bars of xanax", ["+alprazolam 2 pill/occasion"]),
    ("blue oxys", ["+oxycodone"]),
    (
        "8 cans of lager and a bottle of wine every night",
        ["+alcohol 8 can/day", "+alcohol 1 bottle/day dpw7"],
    ),
    (
        "about 10 pints on a saturday and 2 grams of coke",
        ["+alcohol 10 pint/occasion", "+cocaine 2 gram/occasion"],
    ),
    (
        "i smoke 20 cigs a day and drink maybe 6 cans at weekends",
        ["+nicotine_tobacco 20 cigarette/day", "+alcohol 6 can/week dpw2"],
    ),
    ("£40 a day on heroin", ["+heroin 40 GBP/day"]),
    ("$100 on slots a night", ["+gambling 100 USD/day"]),
    ("2mg bars x3 a day", ["+alprazolam 3 pill/day @2mg"]),
    ("I can't stop drinking", ["+alcohol"]),
    ("haven't touched it in 3 weeks", []),
    ("haven't had a drink since friday", ["+alcohol last2025-06-06/None"]),
    ("my husband drinks but I don't touch it, just weed most nights", ["+cannabis dpw4-6"]),
    ("I don't do coke, ket or pills", ["-cocaine", "-ketamine"]),
    ("I drink a litre of vodka a day, started 2 years ago", ["+alcohol 1 litre/day"]),
    ("me and my brother do coke every weekend", ["+cocaine dpw2"]),
    ("binge every payday", []),
    ("used to smoke crack, now just weed", ["-crack_cocaine", "+cannabis"]),
    ("I don't drink every day", ["+alcohol"]),
    ("70cl of vodka a day", ["+alcohol 1 bottle_70cl/day"]),
    ("half a bottle of vodka a night", ["+alcohol 0.5 bottle/day"]),
    ("2 litre bottle of cider a day", ["+alcohol 1 bottle_200cl/day"]),
    ("I want to get down to 2 drinks a day", ["+alcohol"]),
    ("naggin of vodka each night", ["+alcohol 1 bottle_20cl/day dpw7"]),
    ("my mum died and i been on the wine, 2 bottles a night", ["+alcohol 2 bottle/day"]),
    ("3 or 4 nights a week, 5 pints", ["+alcohol 5 pint/occasion dpw3-4"]),
    (
        "took 300mg pregabalin and 2 zopiclone last night",
        ["+pregabalin 300 mg/occasion", "+zopiclone 2 pill/occasion last2025-06-10/None"],
    ),
    ("i vape constantly like a pod a day", ["+nicotine_vape 1 pod/day"]),
    ("a pack a day of marlboros", ["+nicotine_tobacco 1 pack/day"]),
    ("point of ice every couple of days", ["+methamphetamine"]),
    ("drink coffee", []),
    ("im on 60ml methadone daily", ["+methadone 60 ml/day dpw7"]),
    ("on subs 8mg", ["+buprenorphine 8 mg/occasion"]),
    ("i lost £200 on the pokies yesterday", ["+gambling 200 GBP/occasion last2025-06-10/None"]),
    ("was clean 6 months but relapsed on meth on monday", ["+methamphetamine last2025-06-09/None"]),
    ("yeah smoke a bit of weed, 3 joints a day", ["+cannabis 3 joint/day r:smoke"]),
    ("an eighth a week of weed", ["+cannabis 1 eighth/week"]),
    ("half a gram of coke on fridays", ["+cocaine 0.5 gram/occasion dpw1"]),
    ("does methadone help?", []),
    ("i'm not drinking much, 2 cans", ["+alcohol 2 can/occasion"]),
    ("18 pack of beer a day", ["+alcohol 18 can/day"]),
    ("was clean 6 months but relapsed on meth on monday", ["+methamphetamine last2025-06-09/None"]),
    (
        "I drink about half a litre of vodka every night and take 30mg diazepam",
        ["+alcohol 0.5 litre/day dpw7", "+diazepam 30 mg/occasion"],
    ),
    ("i do like 4 or 5 percs a day", []),
    ("bout 3 blues a day", []),
    ("my ex used to beat me when he drank", []),
    ("my mum says i drink too much", ["+alcohol"]),
    ("I work as a nurse with people on heroin", []),
    ("i'm scared of fentanyl in my coke", []),
    ("can I drink on naltrexone?", []),
    ("i love a pint of guinness at the weekend", ["+alcohol 1 pint/week dpw2"]),
    ("smoke 30 a day", []),
    ("ket. about 2g a weekend, snorted", ["+ketamine 2 gram/week"]),
    ("I inject heroin 3 times a day, £60 a day", ["+heroin 60 GBP/day dpw7 r:inject"]),
    ("vodka and coke", ["+alcohol"]),
    ("a couple of glasses of red most evenings", ["+alcohol 2 glass/day dpw4-6"]),
    ('"nah mate no drugs, just drink"', ["+alcohol"]),
    ("i owe my dealer £500", []),
    ("won £300 on the horses", ["+gambling"]),
    ("i spend 200 quid a week on fobts", ["+gambling 200 GBP/week"]),
    ("I've been sober from alcohol for 8 months", ["+alcohol last2024-10-11/None"]),
    ("I quit smoking weed 5 years ago", ["-cannabis last2020-06-11/None"]),
    ("gave up drinking last year but still vape", ["-alcohol", "+nicotine_vape"]),
    ("trying to quit ket", ["+ketamine"]),
    ("ice", []),
    ("had an ice cream", []),
    (
        "im on methadone 80ml, used on top yesterday, £20 bag of heroin",
        ["+methadone 80 ml/occasion", "+heroin"],
    ),
    ("we drink 2 bottles of wine between us every night", ["+alcohol 2 bottle/day dpw7"]),
    ("I've 2 kids and drink 3 cans a night", ["+alcohol 3 can/day"]),
    ("my son is 15 and smokes weed", []),
    ("bars and lean", []),
    ("Mandy told me to come here", []),
    ("did a gram of mandy on saturday", ["+mdma 1 gram/occasion last2025-06-07/None"]),
    (
        "i dont drink or do drugs its just the gambling, online slots, £50 a day",
        ["-alcohol", "+gambling 50 GBP/day"],
    ),
    (
        "Not a drinker. Cocaine is my problem, about 2 grams every weekend.",
        ["-alcohol", "+cocaine 2 gram/week dpw2"],
    ),
    ("8 or 9 beers a night, more at weekends", ["+alcohol 8-9 drink/day"]),
    ("fifth of bourbon every day", ["+alcohol 1 bottle_75cl/day dpw7"]),
    ("handle of vodka lasts me 3 days", ["+alcohol"]),
    ("pack and a half of smokes a day", ["+nicotine_tobacco 1.5 pack/day"]),
    ("cannabis, 2-3 joints before bed", ["+cannabis 2-3 joint/day"]),
    ("eh ah sure a naggin or two in the evening", ["+alcohol 1 bottle_20cl/day"]),
    ("two grams between friday and sunday", []),
    ("never done heroin but coke yes", ["-heroin", "+cocaine"]),
    ("no heroin, no crack, just weed", ["-heroin", "-crack_cocaine", "+cannabis"]),
    ("heroin? never", ["-heroin"]),
    ("I don't use meth anymore", ["-methamphetamine"]),
    ("pills from the street, no idea what they are, 5 a day", []),
    ("20 fags", ["+nicotine_tobacco 20 cigarette/occasion"]),
    ("on the e at raves", ["+mdma"]),
    ("dropped 2 pills at a rave", ["+mdma 2 pill/occasion"]),
    ("speed limit", []),
    ("i have been drinking since friday", ["+alcohol"]),
    ("khat every afternoon with friends, 2 bundles", ["+khat 2 bundle/occasion dpw7"]),
    ("my dealer sells coke", []),
    ("drank 12 pints last night", ["+alcohol 12 pint/occasion last2025-06-10/None"]),
    ("i use crystal every 2 days, 3 points", ["+methamphetamine 3 point/occasion"]),
    ("half gram ket and 5 balloons", ["+ketamine 0.5 gram/occasion"]),
    ("elf bars, one a day", ["+nicotine_vape"]),
    ("he gave me some xanax and i took 3", ["+alprazolam"]),
    ("ngl its mostly ket, prob 3g a week, plus i vape all day", ["+ketamine 3 gram/week", "+nicotine_vape"]),
    (
        "I have been taking codeine home from the ward, around eight tablets a day, and drinking a bottle of wine most nights.",
        ["+codeine 8 pill/day", "+alcohol 1 bottle/day dpw4-6"],
    ),
    ("Perhaps a small sherry before supper, and one of my temazepam to sleep.", ["+alcohol", "+temazepam"]),
    ("ion even smoke weed no more, jus sippin lean wit my cousins", ["-cannabis", "+codeine"]),
    (
        "wee bottle ae bucky on a friday n a gram ae coke",
        ["+alcohol 1 bottle/occasion", "+cocaine 1 gram/occasion"],
    ),
    (
        "im on 70ml methadone but used 2 bags on top yesterday dont tell the social",
        ["+methadone 70 ml/occasion"],
    ),
    (
        "Adderall: 60 mg/day. Whisky: 2-3 drinks, 5 nights a week.",
        ["+mixed_amphetamine_salts 60 mg/day", "+alcohol 2-3 drink/occasion dpw5"],
    ),
    ("ah sure a half one or two of an evening", []),
    ("yes sir. pressed blues. maybe 10 a day.", []),
    (
        "eu uso ice, one point every weekend, and mdma on parties 😅",
        ["+methamphetamine 1 point/week dpw2", "+mdma"],
    ),
    (
        "mostly meph and G at parties, slammed tina twice last month",
        ["+mephedrone", "+ghb", "+methamphetamine r:inject"],
    ),
    ("my family must not know, I play the betting machine, all my taxi money go", ["+gambling"]),
    ("ah y'know bits of hash, the odd nang", ["+nitrous_oxide"]),
    ("Bourbon. Fifth every two days.", ["+alcohol"]),
    (
        "I left meth behind nine years ago. Now it is beer, a twelve pack on Saturdays.",
        ["-methamphetamine last2016-06-11/None", "+alcohol 12 can/occasion dpw1"],
    ),
    (
        "I would hardly call two bottles of Malbec a week a problem, and the cocaine is occasional.",
        ["+alcohol 2 bottle/week", "+cocaine"],
    ),
    ("bruv i dont touch spice no more been out 3 weeks", ["-synthetic_cannabinoid"]),
    ("sorry not grams, ounces", []),
    ("my old man drank himself to death, I only have the odd pint", ["+alcohol"]),
    ("I've never gambled in my life", ["-gambling"]),
    ("lol depends, maybe 6 vk's or a bottle of wine on nights out", ["+alcohol 1 bottle/occasion"]),
    ("started w percs after the accident now i shoot heroin 4 times a day", ["+heroin dpw7 r:inject"]),
    (
        "I do not gamble, and I have never taken illegal drugs. Two sherries nightly, that is all.",
        ["-gambling", "+alcohol 2 drink/day dpw7"],
    ),
    ("smokin bout 5 blunts a day fr", ["+cannabis 5 joint/day r:smoke"]),
    ("pure rattlin, had nae gear since tuesday", ["+heroin last2025-06-10/None"]),
    (
        "my ex got me on heroin, been on methadone since but still use crack on fridays when i get paid",
        ["+heroin", "+methadone", "+crack_cocaine dpw1"],
    ),
    (
        "I take 30 mg of Vyvanse as prescribed and about half a bottle of rye on weekends",
        ["+dexamfetamine 30 mg/occasion", "+alcohol 0.5 bottle/week dpw2"],
    ),
    ("sober 40 days", []),
    ("My husband he drink vodka. I not drink.", ["-alcohol"]),
    ("todo dia cerveja, 6 cans, and cocaina friday and saturday", ["+alcohol 6 can/occasion", "+cocaine"]),
    (
        "hydrocodone, four a day, sometimes five. And the casino on Thursdays.",
        ["+hydrocodone", "+gambling dpw1"],
    ),
    ("chems every second weekend, mainly G, 2ml every hour", ["+ghb 2 ml/occasion"]),
    ("khat with the men after work, 1 bundle a day", ["+khat 1 bundle/day"]),
    ("few cans, bit of green, nothin mad", []),
    ("I don't drink anymore. Quit cold in 2019.", ["-alcohol"]),
    ("drank again sunday after 4 months", ["+alcohol last2025-06-08/None"]),
    ("Two or three lines on a night out, hardly a habit", []),
    ("pregabs n spice on the wing, 6 caps a day", ["+pregabalin 6 pill/day", "+synthetic_cannabinoid"]),
    ("hang on, meant 15 not 50", []),
    ("my sister and her fella are on the gear, I'm not", []),
    (
        "honestly just vapes and the odd bag of ket at uni, like once a fortnight",
        ["+nicotine_vape", "+ketamine dpw0.5"],
    ),
    ("was on vicodin 2 years for my back now im shootin dope", ["-hydrocodone"]),
    (
        "On my days off I finish a bottle and a half of wine, and I took codeine this morning before my shift.",
        ["+alcohol 1.5 bottle/occasion", "+codeine last2025-06-11/None"],
    ),
    (
        "I take two zopiclone at bedtime and, if I am honest, a glass or three of gin.",
        ["+zopiclone 2 pill/occasion", "+alcohol"],
    ),
    ("my cousin be on percs heavy not me tho i just smoke weed all day", ["+cannabis r:smoke"]),
    ("three bottles a bucky oan a saturday pal", ["+alcohol 3 bottle/occasion"]),
    ("no heroin since march, methadone only 45ml", ["-heroin", "+methadone 45 ml/occasion"]),
    (
        "1) Adderall 30mg daily 2) whisky, 4 doubles most nights",
        ["+mixed_amphetamine_salts 30 mg/day dpw7", "+alcohol 4 double/day dpw4-6"],
    ),
    ("twas only ever the whiskey. half bottle most days", ["+alcohol 0.5 bottle/day dpw4-6"]),
    ("smoking fent off foil sir, half a gram a day", ["+fentanyl 0.5 gram/day r:smoke"]),
    ("I drink since 15 years, now every evening 5 beer", ["+alcohol 5 drink/day dpw7"]),
    ("meu namorado usa ice, eu não", []),
    (
        "I haven't used mephedrone for about five weeks, still on the G most weekends though",
        ["+mephedrone last2025-05-07/840.0", "+ghb dpw1-2"],
    ),
    ("my uncle chews khat, I only do the betting shop after work every day", ["+gambling dpw7"]),
    ("Quit drinking twice. Back to a six pack a night.", ["+alcohol 6 can/day"]),
    (
        "a gram of cocaine on a Friday with clients, and perhaps three large glasses of red",
        ["+cocaine 1 gram/occasion", "+alcohol 3 glass/occasion"],
    ),
    ("gin… about a third of a bottle… and the sleeping tablets", ["+alcohol"]),
    ("XANAX!!! like 4 bars literally last night", ["+alprazolam 4 pill/occasion last2025-06-10/None"]),
    ("0.7 g of cannabis per day, vaporised. No alcohol.", ["+cannabis 0.7 gram/day", "-alcohol"]),
    ("dropped £600 on accas at the weekend, snorted a couple gram an all", ["+gambling 600 GBP/week"]),
    ("im not sure if nicotine counts but 15 rollies a day", ["+nicotine_tobacco 15 cigarette/day"]),
    ("actually make that 6 cans", []),
    ("the doctor put me on diazepam 5mg three times a day", ["+diazepam 5 mg/occasion dpw7"]),
]


@pytest.mark.parametrize(("text", "expected"), MESSAGES)
def test_reads_substances_with_what_belongs_to_them(
    reader: FactReader, text: str, expected: list[str]
) -> None:
    facts = reader.read(text, question=None, now=NOW, country="GB")
    assert [brief(fact) for fact in facts.substances] == expected


def read(reader: FactReader, text: str, question: AnswerKind | None, unit: str | None = None) -> Facts:
    return reader.read(text, question=question, now=NOW, country="GB", unit_hint=unit)


def test_a_bare_number_is_read_by_the_question(reader: FactReader) -> None:
    assert read(reader, "7", AnswerKind.RULER).ruler == Span(7, 7)
    assert read(reader, "34", AnswerKind.AGE).age == 34
    assert read(reader, "about 4", AnswerKind.AMOUNT, "gram").amount == Amount(4, 4, "gram", "occasion")
    assert read(reader, "20 a day", AnswerKind.AMOUNT, "cigarette").amount == Amount(
        20, 20, "cigarette", "day"
    )
    assert read(reader, "20", None) == Facts()
    assert read(reader, "20", AnswerKind.AMOUNT) == Facts()


def test_a_unit_that_was_said_wins_over_the_hint(reader: FactReader) -> None:
    assert read(reader, "3 pints", AnswerKind.AMOUNT, "can").amount == Amount(3, 3, "pint", "occasion")


def test_a_name_is_read_only_when_asked(reader: FactReader) -> None:
    assert read(reader, "Sam", AnswerKind.NAME).name == "Sam"
    assert read(reader, "Sam", None).name is None


def test_dollars_follow_the_country(reader: FactReader) -> None:
    for country, currency in (("US", "USD"), ("AU", "AUD"), ("CA", "CAD"), ("NZ", "NZD"), (None, "USD")):
        facts = reader.read("I spend $50 a day on pokies", question=None, now=NOW, country=country)
        assert facts.amount == Amount(50, 50, currency, "day")


def test_two_different_amounts_leave_the_message_amount_open(reader: FactReader) -> None:
    assert read(reader, "8 cans and 2 grams of coke a night", None).amount is None


STRANGE = [
    "", " ", "\n" * 4000, "x" * 100_000, "\ud800" * 50, "\ud83d abc \udc00", "😀" * 4000, "İ" * 4000, "٣" * 4000, "9" * 5000,
    "1e999", "½" * 50, "² cans", "𝟙𝟚 cans", "①", "\x00", "31/2/2020", "99999 days ago", "1200 years ago", "born 0000", "at 13pm",
    "the 31st", "feb 30", "9/9/9999", "0/0", "-" * 4000, "@" * 4000, "a@" * 2000, "+44 " * 1000,
]  # fmt: skip
HEAVY = [
    "a ", "not ", "1 ", "my ", "my my brother ", "i'm ", ",", "and ", "1,", "no wait ", "half a ", "£5 ", "smoke ", "drink ", "on ", "of the ",
    " ", "\n ", "5-", "between ", "don't ", "ice ", "ten ", "weeks ago ", "call me ", "the weekend ", "not a-", "yes.", "in may ", "2 bars ",
    "coke and ", "a.a", "0123456789", "ab@cd.", "no no, ", "actually actually ", "since ", "x3 ", "2mg ",
]  # fmt: skip


@pytest.mark.parametrize("question", [None, *AnswerKind])
def test_no_input_raises(reader: FactReader, question: AnswerKind | None) -> None:
    for text in STRANGE:
        for country in ("GB", None, ""):
            reader.read(text, question=question, now=NOW, country=country, unit_hint="can")


@pytest.mark.parametrize("piece", HEAVY)
@pytest.mark.parametrize("question", [None, AnswerKind.LAST_USE, AnswerKind.AGE])
def test_no_repetition_makes_reading_slow(
    reader: FactReader, piece: str, question: AnswerKind | None
) -> None:
    text = (piece * 4000)[:4000]
    started = process_time()
    reader.read(text, question=question, now=NOW, country="GB")
    # Ten times the budget: this guards against backtracking on any machine, not against a slow one.
    assert process_time() - started < 0.2
