"""YAML's own errors in a clinician's words, and the mend that lets the rest of the file be read.

libyaml stops at the first mistake. Each mistake is reported at its best place, its line is mended for the
moment (quoted or emptied), and the file is read again, so that one slip does not hide the others.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import takewhile

from yaml.error import Mark, MarkedYAMLError

_NAME_AND_VALUE = re.compile(r"(\s*(?:- +)?[^\s:#{\[\"'][^:#{\[]*: +)(\S.*)")
_QUOTE_IT = "put the text in quotes"
_ALIGN_IT = "begin the line under the first letter of the lines it belongs with"
#: A line that begins so many columns off has slipped; one further off was meant otherwise.
_SLIP = 2
_CLOSE_IT = "close it, and quote texts that hold brackets or quotes"


@dataclass(frozen=True, slots=True)
class SyntaxMistake:
    """A mistake in the YAML itself; ``mended_line`` stands in for its line while the rest is read."""

    line: int
    column: int
    code: str
    message: str
    fix: str
    mended_line: str
    spoils_line: bool = True


def explain_syntax_error(error: MarkedYAMLError, lines: list[str]) -> SyntaxMistake:
    """Say where the mistake is and what to type instead."""
    problem = error.problem or "this is not YAML"
    mark, opening = error.problem_mark, error.context_mark
    context = error.context or ""
    if mark is None:
        return SyntaxMistake(1, 1, "yaml-syntax", problem, _QUOTE_IT, "")
    if "block scalar" in context or "cannot start any token" in problem:
        return _first_character(opening if "block scalar" in context and opening else mark, lines)
    if "mapping values are not allowed" in problem:
        return _second_colon(mark, lines)
    if "could not find expected ':'" in problem and opening is not None:
        return _without_colon(opening.line, lines)
    if opening is not None and ("quoted scalar" in context or "flow" in context):
        return _unclosed(mark, opening, context, problem, lines)
    if opening is not None and ("block collection" in context or "block mapping" in context):
        line = _line_at(mark, lines)
        if line[: mark.column].strip(" -"):
            message = "a text goes on after its closing quote"
            return _emptied(mark, lines, "text-after-quote", message, "quote the whole text")
        firsts = (opening.line, _first_of_deeper(mark.line, lines))
        odd = next(filter(None, (_first_is_odd(first, mark.line, lines) for first in firsts)), None)
        return odd or _misaligned(mark.line, lines)
    if "document start" in problem:
        first = next((n for n, line in enumerate(lines) if line.strip() and line.lstrip()[0] != "#"), 0)
        odd = _first_is_odd(first, mark.line, lines)
        if odd is not None:
            return odd
    return _emptied(mark, lines, "yaml-syntax", f"this is not YAML: {problem}", _QUOTE_IT)


def _line_at(mark: Mark, lines: list[str]) -> str:
    return lines[mark.line] if mark.line < len(lines) else ""


def _first_character(mark: Mark, lines: list[str]) -> SyntaxMistake:
    """Explain a value whose first character means something else to YAML: ``p: > 0.05``."""
    line = _line_at(mark, lines)
    start = mark.column
    while start < len(line) and line[start] == " ":
        start += 1
    character = line[start : start + 1]
    in_brackets = line.count("{", 0, start) > line.count("}", 0, start) or (
        line.count("[", 0, start) > line.count("]", 0, start)
    )
    rest = re.match(r"[^,}\]]*" if in_brackets else r".*?(?=\s+#|$)", line[start:])
    value = rest.group().rstrip() if rest else ""
    quoted = '"' + value.replace("\\", "").replace('"', "") + '"'
    mended = line[:start] + quoted + line[start + len(value) :]
    if character in (">", "|"):
        message, code = f"an unquoted '{character}' opens a block of text here", "block-scalar"
    else:
        message, code = f"a text cannot begin with '{character}' unless it is quoted", "quote-needed"
    return SyntaxMistake(mark.line + 1, start + 1, code, message, f"type {quoted}", mended, spoils_line=False)


def _second_colon(mark: Mark, lines: list[str]) -> SyntaxMistake:
    """Explain ``label: Liver: resected``, or a name that lost its colon on the line before."""
    line = _line_at(mark, lines)
    pair = _NAME_AND_VALUE.match(line[: mark.column])
    if pair is not None:
        start = pair.end(1)
        quoted = '"' + line[start:].rstrip().replace("\\", "").replace('"', "") + '"'
        return SyntaxMistake(
            mark.line + 1, start + 1, "colon-in-text", "a text with a colon and a space must be quoted",
            f"type {quoted}", line[:start] + quoted, spoils_line=False,
        )  # fmt: skip
    before = _line_before(mark.line, lines)
    if before is not None and not re.search(r":(\s|$)", lines[before]):
        return _without_colon(before, lines)
    return _misaligned(mark.line, lines)


def _without_colon(number: int, lines: list[str]) -> SyntaxMistake:
    """Explain a line that lost the colon after its name; ``number`` counts from 0."""
    column = _indentation(lines[number])
    message, fix = "a colon is missing in this line", "type a colon and a space after the name"
    return SyntaxMistake(number + 1, column + 1, "missing-colon", message, fix, "")


def _first_is_odd(first: int, second: int, lines: list[str]) -> SyntaxMistake | None:
    """Explain the first line of a block that begins elsewhere than the second and all others of it.

    The parser stumbles over the second, however many lines of its own the first has; both count from 0.
    None when it is not the first that is odd.
    """
    if not first < second < len(lines) or lines[first].lstrip().startswith("- "):
        return None
    here, expected = _indentation(lines[first]), _indentation(lines[second])
    between = [_indentation(line) for line in lines[first + 1 : second] if _has_content(line)]
    if here == expected or any(column <= max(here, expected) for column in between):
        return None
    after = [_indentation(line) for line in lines[second + 1 :] if _has_content(line)]
    same_block = list(takewhile(lambda column: column >= min(here, expected), after))
    if (here < expected and here in same_block) or expected not in same_block:
        return None
    mended = " " * expected + lines[first].lstrip()
    message = "the line begins at the wrong column"
    return SyntaxMistake(first + 1, here + 1, "indentation", message, _ALIGN_IT, mended)


def _first_of_deeper(number: int, lines: list[str]) -> int:
    """Return the first of the lines just before one (``number``, from 0) that all begin deeper than it."""
    first, expected = number, _indentation(lines[number]) if number < len(lines) else 0
    before = _line_before(number, lines)
    while before is not None and _indentation(lines[before]) > expected:
        first, before = before, _line_before(before, lines)
    return first


def _has_content(line: str) -> bool:
    return bool(line.strip()) and line.lstrip()[0] != "#"


def _misaligned(number: int, lines: list[str]) -> SyntaxMistake:
    """Explain a line that begins at another column than its neighbours, and move it where they are.

    When the line after the error (``number``, from 0) agrees with it, the line before is the odd one out.
    """
    before = _line_before(number, lines)
    here, above = _indentation(lines[number]), _indentation(lines[before]) if before is not None else 0
    below = next((_indentation(line) for line in lines[number + 1 :] if line.strip()), here)
    earlier = _line_before(before, lines) if before is not None else None
    stands_alone = earlier is None or _indentation(lines[earlier]) != above
    if before is not None and below == here and stands_alone:
        number, target = before, here
    else:
        target = above
    line = lines[number]
    column = len(line) - len(line.lstrip(" "))
    message = "the line begins at the wrong column"
    if line.lstrip().startswith("- "):
        dash = _usual_dash(number, lines)
        if dash is None or dash == column:
            message, mended = "a list and names with values stand at the same level here", ""
        else:
            mended = " " * dash + line.lstrip()
    else:
        mended = " " * _level_of_name(number, lines, target) + line.lstrip()
    return SyntaxMistake(number + 1, column + 1, "indentation", message, _ALIGN_IT, mended)


def _usual_dash(number: int, lines: list[str]) -> int | None:
    """Return the column near a misplaced dash at which most others stand."""
    column = len(lines[number]) - len(lines[number].lstrip(" "))
    others = (line for place, line in enumerate(lines) if place != number and line.lstrip().startswith("- "))
    near = Counter(
        dash for line in others if abs((dash := len(line) - len(line.lstrip(" "))) - column) <= _SLIP
    )
    return near.most_common(1)[0][0] if near else None


def _level_of_name(number: int, lines: list[str], target: int) -> int:
    """Return the column for a name: a level near it that leaves inside what the name opens."""
    below = next((line for line in lines[number + 1 :] if _has_content(line)), "")
    inside = len(below) - len(below.lstrip(" "))
    here = _indentation(lines[number])
    if not lines[number].rstrip().endswith(":") or inside <= here - _SLIP:
        # Midway between two levels, a name with braces stands where others with braces do.
        before = _line_before(number, lines)
        above = lines[before] if before is not None else ""
        nearness = abs(inside - here) - abs(target - here)
        alike = ": {" in lines[number] and ": {" not in above
        return inside if below and (nearness < 0 or (nearness == 0 and alike)) else target
    levels = {_indentation(line) for line in lines[:number] if _has_content(line)}
    near = [level for level in levels if level < inside and abs(level - here) <= _SLIP]
    return min(near, key=lambda level: (abs(level - here), -level), default=target)


def _indentation(line: str) -> int:
    """Return the column of the first name in a line, behind the dash of a list."""
    return len(line) - len(re.sub(r"^ *(- +)?", "", line))


def _line_before(number: int, lines: list[str]) -> int | None:
    """Return the number of the last line with content before a line."""
    return next(
        (n for n in range(number - 1, -1, -1) if lines[n].strip() and lines[n].strip()[0] != "#"), None
    )


def _unclosed(mark: Mark, opening: Mark, context: str, problem: str, lines: list[str]) -> SyntaxMistake:
    """Explain a bracket or quote that is not closed, or a stray text inside one."""
    if "escape" in problem:
        message = "a backslash inside double quotes has a special meaning"
        return _emptied(mark, lines, "backslash", message, "use single quotes, or leave the backslash out")
    line = _line_at(opening, lines)
    if "quoted scalar" in context or (mark.line != opening.line and line.count('"') % 2):
        column = opening.column if "quoted scalar" in context else line.rindex('"')
        return _emptied(opening, lines, "unclosed", "the quote opened here is not closed", _CLOSE_IT, column)
    if mark.line == opening.line:
        is_colon = line[mark.column : mark.column + 1] == ":"
        fix = "separate entries by commas, and quote texts that hold quotes"
        place = line.rfind(" ", 0, mark.column) + 1 if is_colon else mark.column
        return _emptied(mark, lines, "missing-comma", "a comma is missing before this", fix, place)
    return _emptied(
        opening, lines, "unclosed", "the bracket opened here is not closed in its line", _CLOSE_IT
    )


def _emptied(
    mark: Mark, lines: list[str], code: str, message: str, fix: str, column: int | None = None
) -> SyntaxMistake:
    """Report at ``mark`` or ``column``; for the moment, the line keeps its name and loses its value."""
    line = _line_at(mark, lines)
    name = _NAME_AND_VALUE.match(line) or re.match(r"(\s*- +)", line)
    mended = f'{name.group(1)}""' if name else ""
    place = min(mark.column, len(line)) if column is None else column
    return SyntaxMistake(mark.line + 1, place + 1, code, message, fix, mended)
