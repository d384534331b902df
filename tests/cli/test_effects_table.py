"""``evisynth pool --csv`` and ``forest --csv``: tables against metafor, and as people save them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from evisynth.measures import MEASURES
from evisynth.pipeline import read_effects

REFERENCE = Path(__file__).parents[1] / "reference" / "metafor"
BCG = json.loads((REFERENCE / "bcg.json").read_text(encoding="utf-8"))
RATIOS = "study,hr,lower,upper\nA,0.80,0.60,1.07\nB,0.70,0.50,0.98\nC,1.10,0.80,1.51\n"


def _written(folder: Path, text: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def _table(header: str, *columns: list[float], separator: str = ",") -> str:
    rows = [header.replace(",", separator)]
    rows += [separator.join(repr(number) for number in row) for row in zip(*columns, strict=True)]
    return "\n".join(rows) + "\n"


def _pooled(run, folder: Path, path: Path, *words: str) -> dict:
    status, out, err = run(folder, "pool", "--csv", str(path), "--format", "json", *words)
    assert (status, err) == (0, "")
    return json.loads(out)


def _bcg(form: str, separator: str = ",") -> str:
    e1, n1, e2, n2 = (BCG[name] for name in ("events1", "n1", "events2", "n2"))
    if form == "ai,bi,ci,di":
        n1, n2 = ([n - e for n, e in zip(*pair, strict=True)] for pair in ((n1, e1), (n2, e2)))
    return _table(form, e1, n1, e2, n2, separator=separator)


@pytest.mark.parametrize("form", ["ai,n1i,ci,n2i", "ai,bi,ci,di", "events1,n1,events2,n2"])
@pytest.mark.parametrize("measure", BCG["measures"])
@pytest.mark.parametrize("method", ["DL", "REML", "FE"])
def test_counts_are_pooled_as_by_metafor(form: str, measure: str, method: str, run, tmp_path) -> None:
    path = _written(tmp_path, _bcg(form))
    shown = _pooled(run, tmp_path, path, "--measure", measure, "--method", method, "--interval", "wald")
    fit = BCG["measures"][measure]["fits"][method]
    back = math.exp if shown["scale"] == "log" else float
    for key, expected in (("estimate", "estimate"), ("ci_lower", "ci_lb"), ("ci_upper", "ci_ub")):
        assert shown[key] == pytest.approx(back(fit[expected]), rel=1e-6)
    assert shown["tau_squared"] == pytest.approx(fit["tau2"], rel=1e-6)
    assert shown["participant_count"] == sum(BCG["n1"]) + sum(BCG["n2"])


@pytest.mark.parametrize(
    ("name", "header", "keys"),
    [
        ("hart1999", "x1i,t1i,x2i,t2i", ("events1", "time1", "events2", "time2")),
        ("debruin2009", "xi,ni", ("events", "n")),
    ],
)
def test_rates_and_shares_are_those_of_metafor(name, header, keys, tmp_path) -> None:
    data = json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))
    path = _written(tmp_path, _table(header, *(data[key] for key in keys)))
    for measure in data["measures"].keys() & MEASURES.keys():  # the double arcsine is none
        expected = data["measures"][measure]
        table = read_effects(path, measure)
        assert table.y == pytest.approx(expected["yi"], rel=1e-9)
        assert table.v == pytest.approx(expected["vi"], rel=1e-9)


@pytest.mark.parametrize("header", ["yi,vi", "yi,sei", "yi,ci.lb,ci.ub"])
def test_yi_is_on_the_scale_that_is_pooled(header: str, run, tmp_path) -> None:
    y, v = BCG["measures"]["RR"]["yi"], BCG["measures"]["RR"]["vi"]
    errors = [math.sqrt(each) for each in v]
    z = 1.959963984540054
    limits = [[m + side * z * e for m, e in zip(y, errors, strict=True)] for side in (-1, 1)]
    columns = {"yi,vi": [v], "yi,sei": [errors], "yi,ci.lb,ci.ub": limits}[header]
    path = _written(tmp_path, _table(header, y, *columns))
    shown = _pooled(run, tmp_path, path, "--measure", "RR", "--method", "DL")
    fit = BCG["measures"]["RR"]["fits"]["DL"]
    assert shown["estimate"] == pytest.approx(math.exp(fit["estimate"]), rel=1e-9)
    assert shown["ci_lower"] == pytest.approx(math.exp(fit["knha_ci_lb"]), rel=1e-6)
    as_they_stand = _pooled(run, tmp_path, path, "--measure", "GEN", "--method", "DL")
    assert as_they_stand["estimate"] == pytest.approx(fit["estimate"], rel=1e-9)


@pytest.mark.parametrize("separator", [",", ";"])
def test_means_are_those_of_metafor(separator: str, tmp_path) -> None:
    sets = json.loads(
        (REFERENCE.with_name("metafor_effect_sizes") / "means.json").read_text(encoding="utf-8")
    )
    keys, header = ("mean1", "sd1", "n1", "mean2", "sd2", "n2"), "m1i,sd1i,n1i,m2i,sd2i,n2i"
    first = sets[0]
    path = _written(tmp_path, _table(header, *(first["data"][key] for key in keys), separator=separator))
    whole = [each for each in first["results"] if len(each["usable"]) == len(first["data"]["n1"])]
    assert {"MD", "SMD"} <= {each["measure"] for each in whole}
    for expected in whole:
        table = read_effects(path, expected["measure"])
        assert table.y == pytest.approx(expected["yi"], rel=1e-9)
        assert table.v == pytest.approx(expected["vi"], rel=1e-9)


def test_ratios_and_their_logs_agree_and_are_never_guessed(run, tmp_path) -> None:
    path = _written(tmp_path, RATIOS)
    logs = "study,estimate,lower,upper\n"
    for line in RATIOS.splitlines()[1:]:
        label, *numbers = line.split(",")
        logs += ",".join([label, *(repr(math.log(float(number))) for number in numbers)]) + "\n"
    plain = read_effects(path, "HR")
    logged = read_effects(_written(tmp_path, logs, "logs.csv"), "log HR")
    assert plain.y == pytest.approx(logged.y)
    assert plain.v == pytest.approx(logged.v)
    assert plain.y[0] == pytest.approx(math.log(0.8))
    assert plain.v[0] == pytest.approx((math.log(1.07 / 0.6) / (2 * 1.959963984540054)) ** 2)
    status, _, err = run(tmp_path, "pool", "--csv", str(path))
    assert status == 2 and "--measure 'log HR'" in err
    with_error = _written(tmp_path, "estimate,standard_error\n0.8,0.1\n0.9,0.1\n", "error.csv")
    status, _, err = run(tmp_path, "pool", "--csv", str(with_error), "--measure", "HR")
    assert status == 1 and "in a column 'sei'" in err
    assert read_effects(with_error, "log HR").y == (0.8, 0.9)


def test_the_keys_are_those_of_an_answer(project, run, tmp_path) -> None:
    answer = json.loads(run(project, "pool", "complete-cytoreduction", "--format", "json")[1])
    shown = _pooled(run, tmp_path, _written(tmp_path, RATIOS), "--measure", "HR")
    optional = {"absolute", "moderation"}
    assert [*shown] == [key for key in answer if key not in optional]
    assert [*shown["rows"][0]] == [*answer["rows"][0]]
    assert (shown["effect_measure"], shown["model"], shown["row_count"]) == (
        "hazard_ratio",
        "random_effects",
        3,
    )


@pytest.mark.parametrize("style", ["table", "csv", "markdown"])
def test_it_prints_as_an_answer_does(style: str, run, tmp_path) -> None:
    path = _written(tmp_path, RATIOS)
    status, out, _ = run(tmp_path, "pool", "--csv", str(path), "--measure", "hr", "--format", style)
    assert status == 0 and "0.8" in out
    assert ("pooled estimate" in out) == (style != "csv")


SPREADSHEETS = {
    "a byte order mark": "\ufeff" + RATIOS,
    "semicolons": RATIOS.replace(",", ";"),
    "decimal commas": RATIOS.replace(",", ";").replace(".", ","),
    "tabs": RATIOS.replace(",", "\t"),
    "a line that names the separator": "sep=;\n" + RATIOS.replace(",", ";"),
    "ends of Windows": RATIOS.replace("\n", "\r\n"),
    "ends of an old Mac": RATIOS.replace("\n", "\r"),
    "empty rows": RATIOS + ",,,\n\n  \n,,,\n",
    "empty rows above": "\n\n" + RATIOS,
    "empty columns": RATIOS.replace("\n", ",,\n"),
    "quotes": "".join(f'"{line.replace(",", chr(34) + "," + chr(34))}"\n' for line in RATIOS.splitlines()),
    "capitals": RATIOS.replace("study,hr,lower,upper", "Study , HR,CI lower,CI-Upper"),
    "UTF-16": RATIOS.encode("utf-16"),
}


@pytest.mark.parametrize("text", SPREADSHEETS.values(), ids=SPREADSHEETS)
def test_a_table_is_read_as_it_was_saved(text: str | bytes, tmp_path) -> None:
    plain = read_effects(_written(tmp_path, RATIOS), "HR")
    other = read_effects(_written(tmp_path, text, "other.csv"), "HR")
    assert (other.labels, other.y, other.v) == (plain.labels, plain.y, plain.v)


MISTAKES = {
    "empty": ("", "GEN", ":0:0:", "names of columns first"),
    "only a header": ("yi,vi\n", "GEN", ":0:0:", "no row below a header"),
    "no header": ("0.1,0.2\n0.2,0.3\n", "GEN", ":1:0:", "put a row with the names"),
    "the same name twice": ("yi,vi,yi\n1,2,3\n", "GEN", ":1:3:", "cells 1 and 3"),
    "two names of one column": ("yi,vi,var\n1,2,3\n", "GEN", ":1:3:", "mean the same"),
    "a missing number": ("yi,vi\n1,2\n1,\n", "GEN", ":3:2:", "'vi' has no number here"),
    "NA": ("yi,vi\nNA,2\n1,1\n", "GEN", ":2:1:", "take the row out"),
    "a short row": ("yi,vi\n1,2\n1\n", "GEN", ":3:2:", "type the number"),
    "a word": ("yi,vi\n1,2\n1,about 2\n", "GEN", ":3:2:", "not a number"),
    "a percent sign": ("xi,ni\n5%,20\n", "PLO", ":2:1:", "type 0.05"),
    "a decimal comma in quotes": ('yi,vi\n"0,85",2\n', "GEN", ":2:1:", "type 0.85"),
    "a decimal comma without": ("yi,vi\n0,85,2\n", "GEN", ":2:3:", "0.85 with a point"),
    "thousands or decimals": ("xi;ni\n5;1,362\n", "PLO", ":2:2:", "type 1362 for thousands, or 1.362"),
    "point and comma": ("yi;vi\n0,5;0.5\n", "GEN", ":2:1:", "type 0.5"),
    "a negative variance": ("yi,vi\n1,-2\n", "GEN", ":2:1:", "vi = -2: it must be above 0"),
    "infinity": ("yi,vi\n1,1e999\n", "GEN", ":2:2:", "not a number"),
    "more events than patients": ("ai,n1i,ci,n2i\n1,9,2,9\n12,9,3,9\n", "OR", ":3:1:", "ai = 12"),
    "limits that do not hold it": ("hr,lower,upper\n2,0.5,0.9\n", "HR", ":2:1:", "hr = 2"),
    "a log called a ratio": ("hr,lower,upper\n-0.2,-0.4,0\n", "HR", ":2:1:", "-0.2"),
    "ratios called plain": ("estimate,lower,upper\n2,1,5\n", "GEN", ":2:1:", "--measure HR"),
    "a share above 1": ("estimate,lower,upper\n45,30,60\n", "PLO", ":2:1:", "logit scale"),
    "another measure": ("or,lower,upper\n2,1,4\n", "HR", ":1:0:", "name columns yi, vi"),
    "an open quote": ('yi,vi\n1,"2\n', "GEN", ":2:0:", "close every quote"),
    "not UTF-8": (b"slab,yi,vi\nA,1,2\nM\xfcller,1,2\n", "GEN", ":3:0:", "CSV UTF-8"),
    "a workbook": (b"PK\x03\x04 and more", "GEN", ":0:0:", "save the sheet"),
    "a zero byte": (b"yi,vi\n1,\x002\n", "GEN", ":2:0:", "CSV UTF-8"),
}


@pytest.mark.parametrize(("text", "measure", "place", "said"), MISTAKES.values(), ids=MISTAKES)
@pytest.mark.parametrize("command", ["pool", "forest"])
def test_a_mistake_is_named_with_its_place(command, text, measure, place, said, run, tmp_path) -> None:
    path = _written(tmp_path, text)
    status, out, err = run(tmp_path, command, "--csv", str(path), "--measure", measure)
    assert (status, out) == (1, "")
    assert err.startswith(f"{path}{place} error: ") and said in err
    assert err.count("\n") == 1


def test_all_mistakes_are_told_at_once(run, tmp_path) -> None:
    path = _written(tmp_path, "yi,vi\nx,1\n1,1\n1,y\n2,0\n")
    err = run(tmp_path, "pool", "--csv", str(path), "--measure", "GEN")[2]
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        f"{path}:{at}" for at in ("2:1", "4:2", "5:1")
    ]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 2, "--csv FILE --measure MEASURE"),
        (("a-question", "--csv", "table.csv"), 2, "one of the two"),
        (("a-question", "--method", "DL"), 2, "--method: only with --csv FILE"),
        (("--csv", "missing.csv", "--measure", "HR"), 1, "No such file"),
        (("--csv", ".", "--measure", "HR"), 1, "cannot be read"),
        (("--csv", "{table}", "--measure", "HRR"), 2, "HR"),
        (("--csv", "{table}", "--measure", "log MD"), 2, "unknown measure"),
        (("--csv", "{table}", "--measure", "HR", "--method", "REMM"), 1, "REML"),
        (("--csv", "{table}", "--measure", "HR", "--interval", "hk"), 1, "hksj"),
        (("--csv", "{table}", "--measure", "HR", "--level", "95"), 2, "--level 0.95"),
    ],
)
@pytest.mark.parametrize("command", ["pool", "forest"])
def test_words_that_do_not_go_together(command, words, status, said, run, tmp_path) -> None:
    table = _written(tmp_path, RATIOS)
    typed = [word.format(table=table) for word in words]
    found, _, err = run(tmp_path, command, *typed)
    assert (found, said in err) == (status, True), err


def test_intervals_of_another_level_are_read_as_such(tmp_path) -> None:
    path = _written(tmp_path, "yi,lower,upper\n0,-1.6448536269514722,1.6448536269514722\n")
    assert read_effects(path, "GEN", 0.9).v == pytest.approx((1.0,))


def test_a_forest_plot_is_drawn_without_a_project(run, tmp_path) -> None:
    path = _written(tmp_path, _bcg("ai,n1i,ci,n2i"))
    target = tmp_path / "plot.svg"
    status, out, _ = run(tmp_path, "forest", "--csv", str(path), "--measure", "RR", "-o", str(target))
    assert (status, out.strip()) == (0, str(target))
    drawn = target.read_text(encoding="utf-8")
    assert "Risk ratio" in drawn and "4/123" in drawn.replace(" ", "")
    assert run(tmp_path, "forest", "--csv", str(path), "--measure", "RR")[1].strip().endswith("table.svg")
