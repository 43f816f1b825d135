"""What the suite says at its end."""

from __future__ import annotations

from pathlib import Path

from tests.support.suite import Outcome, counts, table

REPORT = """<testsuites><testsuite>
<testcase classname="page.ts" name="draws"/>
<testcase classname="page.ts" name="waits"><skipped/></testcase>
<testcase classname="page.ts" name="rolls"><failure message="expected 3&#10;at line 7"/></testcase>
<testcase classname="page.ts" name="opens"><error>no browser</error></testcase>
</testsuite></testsuites>"""


def test_what_failed_is_named_before_the_sum(tmp_path: Path) -> None:
    (tmp_path / "page.xml").write_text(REPORT)
    passed, failures, skipped = counts(tmp_path / "page.xml")
    outcome = Outcome("browser", passed, len(failures), skipped, 1.5, failures)
    assert table([outcome]).splitlines()[-4:] == [
        "FAILED browser: page.ts: rolls: expected 3",
        "FAILED browser: page.ts: opens: no browser",
        "",
        "1 passed, 2 failed, 1 skipped",
    ]


def test_a_step_that_wrote_no_report_says_so(tmp_path: Path) -> None:
    assert counts(tmp_path / "missing.xml") == (0, ("no report was written",), 0)
