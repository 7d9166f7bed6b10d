"""Chat spellings and their plain form: data for ``normalise``, kept apart so that it can be read as a list.

Only spellings that occur in the crisis wordings of docs/clinical/safety.md §2 or around them are listed; a
token that is not listed is left as the person wrote it.
"""

from __future__ import annotations

# One token to its plain form. Apostrophes are already gone when this is applied.
TOKENS: dict[str, str] = {
    "u": "you", "ur": "your", "r": "are", "n": "and", "nd": "and", "b": "be", "w": "with", "wiv": "with",
    "wit": "with", "da": "the", "tha": "the", "teh": "the", "dis": "this", "dat": "that", "wen": "when",
    "wat": "what", "wot": "what", "wut": "what", "thru": "through", "thx": "thanks", "pls": "please",
    "plz": "please", "cuz": "because", "coz": "because", "cos": "because", "bc": "because", "bcz": "because",
    "becuase": "because", "gonna": "going to", "gona": "going to", "gunna": "going to", "gna": "going to",
    "gon": "going to", "goin": "going", "finna": "going to", "boutta": "about to", "bouta": "about to",
    "wanna": "want to", "wana": "want to", "wnna": "want to", "wna": "want to", "wannna": "want to", "wantto": "want to",
    "wan": "want to", "wont2": "want to", "imma": "im going to", "ima": "im going to", "iam": "im",
    "gotta": "got to", "hafta": "have to", "gimme": "give me", "lemme": "let me", "dunno": "dont know",
    "idk": "i dont know", "idek": "i dont even know", "idc": "i dont care", "kinda": "kind of",
    "sorta": "sort of", "outta": "out of", "lotta": "lot of", "tn": "tonight", "tonite": "tonight",
    "2nite": "tonight", "2night": "tonight", "tnite": "tonight", "tonigt": "tonight", "tonght": "tonight",
    "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "2moro": "tomorrow", "2morrow": "tomorrow",
    "tomoro": "tomorrow", "tomorow": "tomorrow", "tommorow": "tomorrow", "tomoz": "tomorrow",
    "2day": "today", "yday": "yesterday", "ystrday": "yesterday", "yest": "yesterday", "b4": "before",
    "rn": "right now", "atm": "right now", "smth": "something", "sth": "something", "sum1": "someone",
    "some1": "someone", "sumone": "someone", "every1": "everyone", "evry1": "everyone", "any1": "anyone",
    "no1": "no one", "noone": "no one", "nobdy": "nobody", "bf": "boyfriend", "gf": "girlfriend",
    "hubby": "husband", "missus": "wife", "ppl": "people", "wks": "weeks", "wk": "week", "wkend": "weekend",
    "yrs": "years", "yr": "year", "hrs": "hours", "hr": "hour", "mins": "minutes", "min": "minute",
    "preg": "pregnant", "preggo": "pregnant", "preggers": "pregnant", "prego": "pregnant",
    "pregger": "pregnant", "pregnet": "pregnant", "prgnt": "pregnant", "pregant": "pregnant",
    "meself": "myself", "mesel": "myself", "myslef": "myself", "mysef": "myself", "myslf": "myself",
    "mself": "myself", "mysel": "myself", "urself": "yourself", "hisself": "himself",
    "himslef": "himself", "herslef": "herself", "theirself": "themselves", "themself": "themselves",
    "suicidel": "suicidal", "suicidle": "suicidal", "suisidal": "suicidal", "suicudal": "suicidal",
    "sucidal": "suicidal", "sucide": "suicide", "suiside": "suicide", "suacide": "suicide",
    "sewerslide": "suicide", "sewercide": "suicide", "kil": "kill", "kll": "kill",
    "kiling": "killing", "killin": "killing", "dieing": "dying", "dyin": "dying", "dyeing": "dying",
    "ded": "dead", "liv": "live", "lyf": "life", "lyfe": "life", "brething": "breathing",
    "breething": "breathing", "breathin": "breathing", "breating": "breathing", "brethe": "breathe",
    "breth": "breath", "unalife": "unalive",
    "0d": "od", "0ding": "overdosing", "oding": "overdosing", "odin": "overdosing", "oded": "overdosed",
    "0ded": "overdosed", "0dd": "overdosed", "overdoze": "overdose",
    "overdozed": "overdosed", "overdosin": "overdosing", "wdrawal": "withdrawal", "wd": "withdrawal",
    "withdrawls": "withdrawal", "withdrawl": "withdrawal", "withdrawals": "withdrawal", "wds": "withdrawal",
    "siezure": "seizure", "seisure": "seizure", "seziure": "seizure", "siezures": "seizures",
    "siezing": "seizing", "paracetomol": "paracetamol", "paracetemol": "paracetamol",
    "paracetamols": "paracetamol", "paras": "paracetamol", "methodone": "methadone", "methdone": "methadone",
    "bup": "buprenorphine", "buprenorphin": "buprenorphine", "subs": "suboxone", "suboxin": "suboxone",
    "suboxen": "suboxone", "hosptial": "hospital", "hospitl": "hospital", "concious": "conscious",
    "unconcious": "unconscious", "uncontious": "unconscious", "unconsious": "unconscious",
    "halucinating": "hallucinating", "hallucinatin": "hallucinating", "trippin": "tripping",
    "hert": "hurt", "hurtin": "hurting", "cuttin": "cutting", "cutin": "cutting", "bleedin": "bleeding",
    "bleding": "bleeding", "shakin": "shaking", "sweatin": "sweating", "seein": "seeing", "hearin": "hearing",
    "drinkin": "drinking", "drivin": "driving", "thinkin": "thinking", "takin": "taking",
    "feelin": "feeling", "plannin": "planning", "planing": "planning", "leavin": "leaving",
    "nothin": "nothing", "nuthin": "nothing", "nuffin": "nothing", "somethin": "something",
    "usin": "using", "smokin": "smoking", "puttin": "putting", "hittin": "hitting", "beatin": "beating",
    "snorin": "snoring", "gurglin": "gurgling", "noddin": "nodding", "throwin": "throwing",
    "wakin": "waking", "havin": "having", "tryin": "trying", "endin": "ending", "jumpin": "jumping",
    "hangin": "hanging", "stoppin": "stopping", "sleepin": "sleeping", "talkin": "talking",
    "watchin": "watching", "followin": "following", "rattlin": "rattling", "cluckin": "clucking",
    "tweakin": "tweaking", "whippin": "whipping", "livin": "living", "gettin": "getting",
    "passin": "passing", "pukin": "puking", "fittin": "fitting", "hopless": "hopeless",
    "dosnt": "doesnt", "doesn": "doesnt", "dsnt": "doesnt", "dnt": "dont",
    "cnt": "cant", "wnt": "want", "wannt": "want", "wount": "wont", "woldnt": "wouldnt", "didn": "didnt",
    "iv": "ive", "theyr": "theyre", "nomore": "no more", "anymor": "anymore",
    "nemore": "anymore", "alot": "a lot", "mam": "mum", "mom": "mum",
    "momma": "mum", "mama": "mum", "mammy": "mum", "ambo": "ambulance",
    "wasent": "wasnt", "isent": "isnt", "4ever": "forever", "4evr": "forever", "4eva": "forever",
    "4real": "for real", "4got": "forgot", "gr8": "great", "m8": "mate", "l8r": "later", "w8": "wait",
    "evn": "even", "evry": "every", "evrything": "everything", "evryone": "everyone", "frend": "friend",
    "freind": "friend", "bby": "baby", "babys": "babys", "realy": "really", "sry": "sorry", "srry": "sorry",
    "bp": "blood pressure", "hav": "have", "havnt": "havent",
    "haven": "havent", "wudnt": "wouldnt", "wud": "would", "shud": "should", "cud": "could",
    "wouldn": "wouldnt", "couldn": "couldnt", "isn": "isnt", "wasn": "wasnt", "aren": "arent",
    "needa": "need to", "tryna": "trying to", "tryina": "trying to", "letme": "let me",
    "ketted": "high", "swallered": "swallowed", "swalowed": "swallowed", "swollowed": "swallowed",
    "thers": "theres", "nite": "night", "lastnight": "last night", "juss": "just",
    "jus": "just", "jst": "just", "gt": "got", "wil": "will", "fone": "phone", "kidz": "kids",
    "yearold": "year old", "pilz": "pills", "pilss": "pills", "tabs": "tablets",
    "tabletts": "tablets", "happend": "happened", "skool": "school", "skl": "school", "hmwk": "homework",
    "kickin": "kicking", "chokin": "choking", "scard": "scared", "pregnat": "pregnant", "chset": "chest",
    "chst": "chest", "painn": "pain",
    "mah": "my", "ov": "of", "orf": "off", "wihout": "without",
    "withot": "without", "wrld": "world", "evrybody": "everybody", "reli": "really", "rly": "really",
    "2gether": "together", "anxios": "anxious", "vodca": "vodka", "alchol": "alcohol", "alchohol": "alcohol",
    "alcahol": "alcohol", "driveing": "driving", "takeing": "taking", "summat": "something",
    "owt": "anything", "nowt": "nothing", "defo": "definitely",
}  # fmt: skip

# Words of several plain tokens written in one, longest first when compiled: "iwanttodie".
GLUED: tuple[str, ...] = (
    "i want to die", "i wanna die", "want to die", "wanna die", "kill myself", "killing myself", "kill me",
    "end my life", "end it all", "end it", "ending it", "hurt myself", "hurting myself", "cut myself",
    "cutting myself", "hang myself", "shoot myself", "off myself", "i hate my life", "i cant go on",
    "cant go on", "took them all", "took too much", "took too many", "not breathing", "isnt breathing",
    "wont wake up", "cant breathe", "cant breath", "chest pain", "chest pains", "seeing things",
    "hearing voices", "self harm", "sleep forever", "i want to be dead", "better off dead", "goodbye everyone",
    "im pregnant", "im suicidal", "feel suicidal", "dont want to live", "dont want to be here",
    "not want to live", "im going to kill myself", "i took", "my life", "he hit me", "help me",
)

# Tokens with digits or signs for letters are read as letters when the result is one of these.
LEET_TARGETS: frozenset[str] = frozenset(
    """suicide suicidal kill killed killing die died dying dead death me myself life overdose overdosed overdosing
    od hang hanging cut cutting hurt help pills pill kms kys alone end ending gun knife knives drunk high
    heroin meth cocaine coke fent fentanyl xanax benzo benzos pregnant rape raped abuse abused hit beat
    bleeding blood voices seizure breathe breathing hope hopeless goodbye shoot shot unalive unalived self harm
    weed drugs kids baby stab burn burned hell live living sleep forever tonight wake pain please""".split()
)

# What letters behind asterisks may stand for, most urgent first.
CENSORED: tuple[str, ...] = (
    "suicide", "suicidal", "kill", "killed", "killing", "die", "dying", "dead", "death", "myself", "overdose",
    "overdosed", "unalive", "hang", "hanging", "cut", "cutting", "self", "harm", "raped", "rape", "abuse",
    "abused", "shoot", "stab", "heroin", "cocaine", "meth", "drugs", "weed", "pills",
)

# Long words whose misspelling by one letter is put right; short words would take in too many others.
SPELLED: tuple[str, ...] = (
    "suicide", "suicidal", "breathing", "breathe", "pregnant", "pregnancy", "seizure", "seizures",
    "overdose", "overdosed", "overdosing", "withdrawal", "methadone", "paracetamol", "ibuprofen",
    "suboxone", "buprenorphine", "unconscious", "hallucinating", "hallucinations", "swallowed", "swallowing",
    "tonight", "tomorrow", "yesterday", "goodbye", "ambulance", "hospital", "prescription",
    "insulin", "naloxone", "fentanyl", "diazepam", "vomiting", "convulsing", "convulsions", "shivering",
    "existence", "hopeless", "worthless", "pharmacy", "homeless",
    "midwife", "toddler", "boyfriend", "girlfriend", "everyone", "anymore",
    "antidepressants", "amitriptyline",
    "unresponsive", "forever", "themselves",
)

# Words with one letter of difference that are words of their own and stay as they are.
OWN_WORDS: frozenset[str] = frozenset(
    """swallows swallow hopeless homes breath breaths breathed breather breathes overdoses suicides pregnancies
    vomited vomits convulsion exist seize seized pharmacist prescriptions hospitals ambulances everyones
    girlfriends boyfriends toddlers midwives""".split()
)

EMOJI: dict[str, str] = {
    "💊": "emoji_pill", "🔪": "emoji_knife", "🗡": "emoji_knife", "☠": "emoji_skull", "💀": "emoji_skull", "🔫": "emoji_gun",
    "😂": "emoji_laugh", "🤣": "emoji_laugh", "😅": "emoji_laugh", "😆": "emoji_laugh", "😹": "emoji_laugh", "🍺": "emoji_drink",
    "🍻": "emoji_drink", "🍷": "emoji_drink", "🥃": "emoji_drink", "🍾": "emoji_drink", "🥂": "emoji_drink", "🩸": "emoji_blood",
    "⚰": "emoji_coffin", "🪦": "emoji_grave", "😭": "emoji_cry", "😢": "emoji_cry", "👶": "emoji_baby", "🤰": "emoji_pregnant",
    "🚗": "emoji_car", "🚙": "emoji_car", "💔": "emoji_broken_heart", "💉": "emoji_syringe", "👻": "emoji_ghost", "🌉": "emoji_bridge",
    "🚬": "emoji_cigarette", "👋": "emoji_wave", "🙏": "emoji_pray", "😵": "emoji_dizzy", "🥴": "emoji_woozy", "🏥": "emoji_hospital",
    "🚑": "emoji_ambulance", "🆘": "emoji_sos", "🪢": "emoji_rope", "✂": "emoji_scissors", "🪒": "emoji_razor",
}  # fmt: skip

# Letters of other scripts, and variants of Latin ones, that look like a plain Latin letter.
LOOK_ALIKES: dict[str, str] = {
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s",
    "ԁ": "d", "һ": "h", "ӏ": "l", "к": "k", "м": "m", "т": "t", "в": "b", "н": "h", "з": "z", "г": "r",
    "п": "n", "ԛ": "q", "ԝ": "w", "α": "a", "ε": "e", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "ν": "v",
    "ι": "i", "κ": "k", "χ": "x", "η": "n", "β": "b", "μ": "m", "γ": "y", "ω": "w", "ѵ": "v", "ı": "i",
    "ɡ": "g", "ℓ": "l", "ø": "o", "đ": "d", "ł": "l", "ə": "e", "ɩ": "i", "ß": "ss", "æ": "ae", "œ": "oe",
}  # fmt: skip
