"""Seed data as people really have it: understood, or a problem with its row and line."""

import io
import json
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from chalicelib.batches.seed_data.model import MOST_PATHS, Format
from chalicelib.batches.seed_data.paths import Paths
from chalicelib.batches.seed_data.reading import read
from chalicelib.batches.seed_data.rows import Good, Reading
from chalicelib.batches.seed_data.text import Unreadable

NOT_UTF8 = "is not UTF-8; save the file as UTF-8 and upload it again"
UNCLOSED = "opens a quote that is never closed"
TOO_DEEP = "is nested deeper than 32 levels"
DEEP = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
KB = 1024


def found(kind: Format, data: bytes) -> tuple[list[Any], Reading]:
    """Return rows as they are and problems as (line, sentence)."""
    reading = read(kind, io.BytesIO(data).read)
    rows = [
        each.row if isinstance(each, Good) else (each.line, each.problem) for each in reading.found
    ]
    return rows, reading


def rows(kind: Format, data: bytes) -> list[Any]:
    return found(kind, data)[0]


def refused(kind: Format, data: bytes) -> list[tuple[int | None, str]]:
    with pytest.raises(Unreadable) as problem:
        rows(kind, data)
    return list(problem.value.problems)


def test_csv_with_a_mark_of_byte_order_and_no_last_end() -> None:
    data = b'\xef\xbb\xbfname,price\r\nlamp,1\r\npot,"2"'
    assert rows("csv", data) == [{"name": "lamp", "price": "1"}, {"name": "pot", "price": "2"}]


def test_csv_with_the_ends_of_lines_of_old() -> None:
    assert rows("csv", b"a,b\r1,2\r3,4") == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


@pytest.mark.parametrize(("separator", "told"), [(";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_the_separator_of_csv_is_found_and_told(separator: str, told: str) -> None:
    data = separator.join(["name", '"a,b"', "price"]) + "\n" + separator.join("xyz") + "\n"
    given, reading = found("csv", data.encode())
    assert given == [{"name": "x", "a,b": "y", "price": "z"}]
    assert reading.notes == [f"The separator is a {told}."]


def test_a_separator_that_a_spreadsheet_wrote_down_is_believed() -> None:
    assert rows("csv", b"sep=;\r\na,b;c\r\n1;2\r\n") == [{"a,b": "1", "c": "2"}]


def test_decimal_commas_stay_texts_and_are_told_where_every_value_is_one() -> None:
    given, reading = found("csv", b"price;code\n1,5;1,5\n1.234,50;x\n;\n7,0;\n")
    assert [row["price"] for row in given] == ["1,5", "1.234,50", "7,0"]
    assert reading.notes == [
        "The separator is a semicolon.",
        "Every value of price is a number with a decimal comma, such as 7,0; they stay texts.",
    ]


def test_quotes_hold_ends_of_lines_quotes_and_separators() -> None:
    data = b'a,b\n"1\r\n2","x ""y"", z"\n3,4\n"5\n'
    assert rows("csv", data) == [
        {"a": "1\r\n2", "b": 'x "y", z'},
        {"a": "3", "b": "4"},
        (5, UNCLOSED),
    ]


def test_after_a_quote_that_is_never_closed_the_other_rows_stay() -> None:
    assert rows("csv", b'a,b\n1,"2\n3,4\n5,6') == [
        (2, UNCLOSED),
        {"a": "3", "b": "4"},
        {"a": "5", "b": "6"},
    ]


def test_a_quote_that_is_never_closed_holds_up_no_large_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chalicelib.batches.seed_data.csv_rows.LONGEST_RECORD", 100)
    lines = [b"%d,x" % n for n in range(100)]
    given = rows("csv", b'a,b\n1,"2\n' + b"\n".join(lines) + b"\nlast")
    assert given[0] == (2, UNCLOSED)
    assert given[1:-1] == [{"a": str(n), "b": "x"} for n in range(100)]
    assert given[-1] == (103, "has 1 cell; the header has 2")


def test_rows_that_are_shorter_or_longer_than_the_header() -> None:
    assert rows("csv", b"a,b\n1\n1,2,3\n1,2\n") == [
        (2, "has 1 cell; the header has 2"),
        (3, "has 3 cells; the header has 2"),
        {"a": "1", "b": "2"},
    ]


def test_empty_lines_and_empty_rows_are_passed_over() -> None:
    assert rows("csv", b"\n\na,b\n\n1,2\n,\n  \n , \n3,\n") == [
        {"a": "1", "b": "2"},
        {"a": "3", "b": ""},
    ]


def test_text_after_a_closing_quote_is_a_problem_and_the_next_row_stays() -> None:
    said = 'has something after a closing quote; a quote inside a cell is written ""'
    assert rows("csv", b'a,b\n"x"y,1\n2,3\n') == [(2, said), {"a": "2", "b": "3"}]


def test_names_are_trimmed_and_may_not_be_empty_or_the_same() -> None:
    assert rows("csv", b" a , b.c \n1,2\n") == [{"a": "1", "b": {"c": "2"}}]
    assert refused("csv", b"\na, b,,a ,b\n1,2,3,4,5\n") == [
        (2, "Column 3 has no name."),
        (2, "Columns 1 and 4 have the same name, a."),
        (2, "Columns 2 and 5 have the same name, b."),
    ]


def test_dots_in_names_make_paths_and_one_path_cannot_be_both() -> None:
    assert rows("csv", b"p.name,x,p.size.w\n1,2,3\n") == [
        {"p": {"name": "1", "size": {"w": "3"}}, "x": "2"}
    ]
    [(line, problem)] = refused("csv", b"product.name,product\n1,2\n")
    assert line == 1
    assert "Column 2 is named product and column 1 product.name" in problem
    assert "has a dot with nothing beside it" in refused("csv", b"a..b,c\n1,2\n")[0][1]


def test_cells_that_a_spreadsheet_would_run_are_kept_as_they_are() -> None:
    cells = ['=HYPERLINK("http://x")', "+1", "-1", "@x", "\tx", "\rx"]
    lines = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    given = rows("csv", ("a\n" + "\n".join(lines)).encode())
    assert [row["a"] for row in given] == cells


@pytest.mark.parametrize("odd", ["😀", "שלום", "e\u0301", "\u202e", "ü", "", "a/b", "..", "CON"])
def test_every_script_is_kept_in_every_format(odd: str) -> None:
    row = {"a": odd, "b": "1"}
    assert rows("jsonl", json.dumps(row).encode()) == [row]
    assert rows("json", json.dumps([row], ensure_ascii=False).encode()) == [row]
    assert rows("csv", f"a,b\n{odd},1\n".encode()) == [row]


def test_bytes_that_are_no_utf8_are_a_problem_of_their_row() -> None:
    latin = "é".encode("latin-1")
    assert rows("csv", b"a,b\n" + latin + b",1\nx,2\n") == [(2, NOT_UTF8), {"a": "x", "b": "2"}]
    lines = b'{"a":"' + latin + b'"}\n{"a":1}\n' + latin
    assert rows("jsonl", lines) == [(1, NOT_UTF8), {"a": 1}, (3, NOT_UTF8)]
    listed = b'[{"a":"' + latin + b'"},\n{"a":1}]'
    assert rows("json", listed) == [(1, NOT_UTF8), {"a": 1}]
    assert refused("csv", b"a," + latin + b"\n1,2\n") == [(1, f"The name of column 2 {NOT_UTF8}.")]


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl"])
@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("a,b\n1,2".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04 a workbook", "a spreadsheet"),
        (b"\x1f\x8b\x08", "compressed"),
    ],
)
def test_what_is_no_text_is_told(kind: Format, data: bytes, told: str) -> None:
    [(line, problem)] = refused(kind, data)
    assert line == 1
    assert told in problem


def test_json_lines_with_blank_broken_and_other_lines() -> None:
    data = b'\xef\xbb\xbf{"a":1}\r\n\r\n  \n{"a":\n[1]\n7\n"x"\nnull\n{"a":2}'
    assert rows("jsonl", data) == [
        {"a": 1},
        (4, "is no valid JSON: Expecting value at character 6"),
        (5, "is a list; a row must be an object"),
        (6, "is a number; a row must be an object"),
        (7, "is a text; a row must be an object"),
        (8, "is null; a row must be an object"),
        {"a": 2},
    ]


BAD_VALUES = [
    (b'{"a":NaN}', "has NaN, which is no number in JSON; leave the value out or write null"),
    (b'{"a":[-Infinity]}', "has -Infinity, which is no number in JSON;"),
    (b'{"a":' + b"9" * 400 + b"}", "has the number 999999999999… (400 characters), which cannot"),
    (b'{"a":9223372036854775808}', "has the number 9223372036854775808, which cannot be kept"),
    (b'{"a":1e999}', "has the number 1e999, which cannot be kept exactly"),
    (b'{"a":0.' + b"3" * 400 + b"}", "has the number 0.3333333333… (402 characters)"),
    (b'{"a":1,"b":2,"a":3}', "has the name a twice"),
    (b'{"a":"\\ud800"}', "has half of a character"),
    (b'{"a":{"\\udc00":1}}', "has half of a character"),
    (DEEP, TOO_DEEP),
    (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", TOO_DEEP),
    (b"[" * 10_000 + b"]" * 10_000, TOO_DEEP),
    (b'{"a":"' + b"x" * 401 * KB + b'"}', "has 402 KB; a row may have 400 KB"),
    (b'{"a":"' + b"x" * 1024 * KB + b'"}', "has 1025 KB; a row may have 400 KB"),
    (b'{"a":"' + b"x" * 6 * 1024 * KB + b'"}', "has 6145 KB; a row may have 400 KB"),
    (b'{"a" 1}', "is no valid JSON: Expecting ':' delimiter at character 6"),
    (b"{a:1}", "is no valid JSON"),
]


@pytest.mark.parametrize(("bad", "told"), BAD_VALUES, ids=range(len(BAD_VALUES)))
def test_a_row_that_cannot_be_used_is_told_and_the_others_stay(bad: bytes, told: str) -> None:
    for kind, data in (
        ("jsonl", b'{"x":1}\n' + bad + b'\n{"x":2}\n'),
        ("json", b'[{"x":1},\n' + bad + b',\n{"x":2}]\n'),
    ):
        first, (line, problem), last = rows(kind, data)  # type: ignore[arg-type]
        assert (first, last, line) == ({"x": 1}, {"x": 2}, 2)
        assert problem.startswith(told)


def test_a_row_of_just_the_most_bytes_is_read() -> None:
    row = {"a": "x" * (400 * KB - 8)}
    assert rows("jsonl", json.dumps(row).encode()) == [row]


def test_a_cell_that_is_too_large_is_a_problem_of_its_row() -> None:
    data = b"a,b\n" + b"x" * 1024 * KB + b',1\n"' + b"y" * 500 * KB + b'",2\n3,4\n'
    assert rows("csv", data) == [
        (2, "has 1025 KB; a row may have 400 KB"),
        (3, "has 501 KB; a row may have 400 KB"),
        {"a": "3", "b": "4"},
    ]


def test_json_over_many_lines_is_told_by_the_lines_where_rows_begin() -> None:
    data = b'[\n {\n  "a": [1, {"]": "}\\""}]\n }\n,\n 5\n,\n[2], {"b": null},\n]\n\n'
    assert rows("json", data) == [
        {"a": [1, {"]": '}"'}]},
        (6, "is a number; a row must be an object"),
        (8, "is a list; a row must be an object"),
        {"b": None},
    ]


def test_commas_and_ends_of_json_that_are_missing_or_too_many() -> None:
    assert rows("json", b'[{"a":1} {"a":2},,{"a":3}') == [
        {"a": 1},
        (1, "A comma is missing between two rows."),
        {"a": 2},
        (1, "is empty: one comma follows another"),
        {"a": 3},
        (1, "The file ends before its list does."),
    ]
    assert rows("json", b'[{"a":1}]\n{}') == [
        {"a": 1},
        (2, "Something stands after the end of the list."),
    ]
    assert rows("json", b'[{"a":1},{"b":"') == [
        {"a": 1},
        (1, "The file ends before its list does."),
    ]


def test_one_object_in_place_of_a_list_is_told_with_its_keys() -> None:
    [(line, problem)] = refused("json", b'\n{"data": [{"x": 1}], "meta": {"k": ":"}, "n": "a"}')
    assert line == 2
    assert problem.startswith("The file is one object with the keys data, meta, n. Expected a list")
    large = b'{"data": [' + b'{"x": "y"},' * 200_000 + b"1]}"
    assert "with the keys data. " in refused("json", large)[0][1]
    assert "the format jsonl" in refused("json", b'{"a":1}\n{"a":2}\n')[0][1]
    assert "begins with 7" in refused("json", b"7")[0][1]


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_empty_file_is_told(kind: Format) -> None:
    for data in (b"", b"\n \n", b"\xef\xbb\xbf"):
        assert refused(kind, data)[0][1] == "The file is empty."


def test_files_without_a_row_give_none() -> None:
    assert rows("csv", b"a,b\n") == rows("json", b"[]") == rows("jsonl", b"\n\n") == []


def test_too_many_columns_or_paths_are_refused() -> None:
    header = b",".join(b"c%d" % n for n in range(MOST_PATHS + 1))
    assert "there may be 2000" in refused("csv", header + b"\n")[0][1]
    paths = Paths(empty_is_missing=False)
    for number in range(MOST_PATHS):
        paths.add({f"c{number}": 1})
    with pytest.raises(Unreadable, match="1 problems"):
        paths.add({"one more": 1})


def test_paths_know_types_and_what_is_missing_where() -> None:
    paths = Paths(empty_is_missing=False)
    for number in range(1, 1001):
        row: dict[str, Any] = {"id": number, "null": None, "p": {"name": "x"}}
        if number == 1000:
            row |= {"late": True, "p": "flat"}
        if number % 2:
            row["odd"] = number if number % 3 else "three"
        paths.add(row)
    told = {stat.path: (stat.kind, stat.missing, stat.is_leaf) for stat in paths.stats()}
    assert told == {
        "id": ("number", 0, True),
        "null": ("null", 1000, True),
        "p": ("mixed", 0, True),
        "p.name": ("text", 1, True),
        "odd": ("mixed", 500, True),
        "late": ("boolean", 999, True),
    }
    lacking = {stat.path: stat.lacking for stat in paths.stats()}
    assert lacking["odd"] == tuple(range(2, 42, 2))
    assert lacking["late"] == tuple(range(1, 21))
    assert lacking["p.name"] == (1000,)


def test_a_name_with_a_dot_in_json_is_no_path_of_two() -> None:
    paths = Paths(empty_is_missing=False)
    paths.add({"a.b": 1, "a": {"c": []}, "": {}})
    assert [(s.path, s.kind, s.is_leaf) for s in paths.stats()] == [
        ('["a.b"]', "number", True),
        ("a", "object", False),
        ("a.c", "list", True),
        ('[""]', "object", True),
    ]


MIXED: list[dict[str, Any]] = [
    {},
    {"a\\": ['\\"]}', {"[": None}], "é😀": -12.5, "t": True},
    {"": "\\\\", "deep": {"er": [[[]], {"x": "},{"}]}},
    {"end": 7},
]


@pytest.mark.parametrize("indent", [None, 0, 3])
def test_what_is_written_is_read_however_it_is_cut(
    indent: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for cut in (1, 2, 3, 5, 8, 13, 21, 34, 55):
        monkeypatch.setattr("chalicelib.batches.seed_data.json_list._CHUNK", cut)
        monkeypatch.setattr("chalicelib.batches.seed_data.text._BUFFER", cut + 7)
        for plain in (True, False):
            listed = json.dumps(MIXED, ensure_ascii=plain, indent=indent).encode()
            assert rows("json", listed) == MIXED
            lines = "\n".join(json.dumps(row, ensure_ascii=plain) for row in MIXED).encode()
            assert rows("jsonl", lines) == MIXED


def test_no_bytes_bring_a_reader_down() -> None:
    chance = Random(7)
    signs = b'{}[]",:;\\ \r\n\t\x00\xff\xef\xbb\xbf\xc3\xa9ab10-.eNatrue'
    kinds: tuple[Format, ...] = ("csv", "json", "jsonl")
    for _ in range(400):
        data = bytes(chance.choices(signs, k=chance.randrange(60)))
        for begin in (b"", b"[", b'[{"a":1},', b'a,b\n"'):
            for kind in kinds:
                with suppress(Unreadable):
                    read_rows = rows(kind, begin + data)
                    assert all(isinstance(row, dict) or row[1] for row in read_rows)
