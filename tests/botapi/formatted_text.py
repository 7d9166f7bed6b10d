"""Text as Telegram counts and reads it: UTF-16 code units, HTML and MarkdownV2, and what it marks by itself."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Optional

from botapi.refusal import bad

Entity = dict[str, Any]

HTML_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
}
TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)((?:\s+[\w-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[\w.-]+))?)*)\s*>")
ATTRIBUTE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([\w.-]+)))?")
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")

MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
RESERVED = frozenset("_*[]()~`>#+-=|{}.!")

MARKED_ALONE = (
    ("url", re.compile(r"\bhttps?://[^\s<>\"]*[^\s<>\".,;:!?)]")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("bot_command", re.compile(r"(?<![\w/])/\w{1,64}(?:@\w{3,32})?(?!\w)", re.ASCII)),
    ("mention", re.compile(r"(?<!\w)@\w{4,32}(?!\w)", re.ASCII)),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d[\d ()-]{6,16}\d(?!\w)")),
)


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, which is what every limit and offset counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Text(NamedTuple):
    """A text without its markup, and what is marked in it."""

    plain: str
    entities: tuple[Entity, ...]


@dataclass
class _Scan:
    """What has been read so far: plain text, its entities, and the open ones of them (mark, byte offset, entity)."""

    plain: str = ""
    entities: list[Entity] = field(default_factory=list)
    open: list[tuple[str, int, Entity]] = field(default_factory=list)

    def begin(self, mark: str, byte: int, kind: str, **more: Any) -> None:
        self.entities.append({"type": kind, "offset": units(self.plain), **more})
        self.open.append((mark, byte, self.entities[-1]))

    def end(self) -> Entity:
        entity = self.open.pop()[2]
        entity["length"] = units(self.plain) - entity["offset"]
        return entity

    def text(self) -> Text:
        marked = [entity for entity in self.entities if entity["length"] > 0]
        return Text(self.plain, tuple(sorted(marked, key=lambda entity: (entity["offset"], -entity["length"]))))


def marked_alone(text: str) -> tuple[Entity, ...]:
    """The entities that Telegram finds in a plain text by itself: commands, links, numbers and so on."""
    found: list[tuple[int, int, str]] = []
    for kind, pattern in MARKED_ALONE:
        for match in pattern.finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end, _ in found):
                found.append((match.start(), match.end(), kind))
    return tuple(
        {"type": kind, "offset": units(text[:start]), "length": units(text[start:end])}
        for start, end, kind in sorted(found)
    )


def parsed(text: str, parse_mode: Optional[str]) -> Text:
    """The plain text and entities of a text with markup.

    Raises a refusal (400) for markup that Telegram would not take, and for a mode that does not exist. Two things
    that Telegram does take are refused here too: the old mode "Markdown", and block quotes in MarkdownV2.
    """
    mode = (parse_mode or "").lower()
    if mode == "":
        return Text(text, ())
    if mode == "html":
        return _from_html(text)
    if mode == "markdownv2":
        return _from_markdown(text)
    raise bad("unsupported parse_mode")


def _unparsable(why: str) -> Exception:
    return bad(f"can't parse entities: {why}")


def _unended(kind: str, byte: int) -> Exception:
    return _unparsable(f"Can't find end of {kind.capitalize()} entity at byte offset {byte}")


def _from_html(text: str) -> Text:
    scan, place = _Scan(), 0
    while place < len(text):
        if text[place] == "<":
            tag = TAG.match(text, place)
            if tag is None:
                raise _unparsable(f"Unclosed start tag at byte offset {_byte(text, place)}")
            _take_tag(scan, tag, _byte(text, place))
            place = tag.end()
        elif character := CHARACTER.match(text, place):
            scan.plain += html.unescape(character.group())
            place = character.end()
        else:
            scan.plain += text[place]
            place += 1
    if scan.open:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{scan.open[-1][0]}"')
    return scan.text()


def _take_tag(scan: _Scan, tag: re.Match[str], byte: int) -> None:
    name = tag.group(2).lower()
    if tag.group(1):
        if not scan.open:
            raise _unparsable(f"Unexpected end tag at byte offset {byte}")
        if scan.open[-1][0] != name:
            raise _unparsable(
                f'Unmatched end tag at byte offset {byte}, expected "</{scan.open[-1][0]}>", found "</{name}>"'
            )
        scan.end()
        return
    if name not in HTML_TAGS:
        raise _unparsable(f'Unsupported start tag "{name}" at byte offset {byte}')
    given = {
        found.group(1).lower(): html.unescape(next((v for v in found.groups()[1:] if v is not None), ""))
        for found in ATTRIBUTE.finditer(tag.group(3))
    }
    if name == "span" and given.get("class") != "tg-spoiler":
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {byte}')
    more = {"a": {"url": given.get("href", "")}, "tg-emoji": {"custom_emoji_id": given.get("emoji-id", "")}}
    kind = "expandable_blockquote" if name == "blockquote" and "expandable" in given else HTML_TAGS[name]
    scan.begin(name, byte, kind, **more.get(name, {}))


def _from_markdown(text: str) -> Text:
    scan, place = _Scan(), 0
    while place < len(text):
        step = _code(scan, text, place) or _link(scan, text, place) or _mark(scan, text, place)
        if step:
            place += step
            continue
        if text[place] == "\\" and place + 1 < len(text) and 1 <= ord(text[place + 1]) <= 126:
            place += 1
        elif text[place] in RESERVED:
            raise _unparsable(f"Character '{text[place]}' is reserved and must be escaped with the preceding '\\'")
        scan.plain += text[place]
        place += 1
    if scan.open:
        raise _unended(scan.open[-1][2]["type"], scan.open[-1][1])
    return scan.text()


def _code(scan: _Scan, text: str, place: int) -> int:
    for mark, kind in (("```", "pre"), ("`", "code")):
        if text.startswith(mark, place):
            end = text.find(mark, place + len(mark))
            if end < 0:
                raise _unended(kind, _byte(text, place))
            scan.begin(mark, _byte(text, place), kind)
            scan.plain += text[place + len(mark) : end].replace("\\`", "`").replace("\\\\", "\\")
            scan.end()
            return end + len(mark) - place
    return 0


def _link(scan: _Scan, text: str, place: int) -> int:
    if text[place] == "[":
        scan.begin("[", _byte(text, place), "text_link", url="")
        return 1
    if text[place] != "]" or not scan.open or scan.open[-1][0] != "[":
        return 0
    found = re.compile(r"\]\(((?:\\.|[^)\\])*)\)").match(text, place)
    scan.end()["url"] = re.sub(r"\\(.)", r"\1", found.group(1)) if found else ""
    return len(found.group()) if found else 1


def _mark(scan: _Scan, text: str, place: int) -> int:
    mark = next((m for m in ("__", "||", "*", "_", "~") if text.startswith(m, place)), None)
    if mark is None:
        return 0
    if scan.open and scan.open[-1][0] == mark:
        scan.end()
    elif any(mark == opened for opened, _, _ in scan.open):
        raise _unended(scan.open[-1][2]["type"], scan.open[-1][1])
    else:
        scan.begin(mark, _byte(text, place), MARKS[mark])
    return len(mark)


def _byte(text: str, place: int) -> int:
    return len(text[:place].encode("utf-8", "surrogatepass"))
