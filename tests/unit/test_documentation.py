"""Pages that cannot drift: links lead somewhere, commands exist, and the two READMEs say the same."""

import itertools
import re
import tomllib
from pathlib import Path

import pytest

from bixie.examiners.results import Verdict
from bixie.version import __version__

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "examples/*.md", "bench/*.md", "src/**/*.md", "tests/**/*.md")
    for path in ROOT.glob(pattern)
)
CHINESE_PAGES = [path for path in PAGES if path.name.endswith(".zh-CN.md")]
READMES = ("README.md", "README.zh-CN.md")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"")
TARGETS = re.compile(r"(?m)^([a-z][a-z -]*):")
MAKE = re.compile(r"`?make ([a-z-]+)\b(?=[`\s])(?=[^\n]*`)")
FENCE = re.compile(r"(?ms)^```(?:\w+)\n(.*?)^```")
WRITTEN = [
    *PAGES,
    *sorted(
        path for kind in ("toml", "py", "j2", "html", "js") for path in (ROOT / "src").rglob(f"*.{kind}")
    ),
]
FROM_AN_INDEX = re.compile(r"install(?: -\S+)* [\"']?bixie(?:\[|[\s\"'`=<>~]|$)", re.MULTILINE)
WHEEL = re.compile(r"bixie-([^-\s]+)-py3-none-any\.whl")
SLUG = re.compile(r"[^\w\- ]")


HAN = "[\u4e00-\u9fff]"
BEGINS_ANEW = re.compile(r"\s*(?:[-*>] |\||#|\d+\. )")
STUMBLING_BLOCKS = re.compile("比特|租户|届时|这不说明什么")


def text(path):
    return path.read_text(encoding="utf-8")


def name(path):
    return path.relative_to(ROOT).as_posix()


def anchors(page):
    headings = re.findall(r"(?m)^#+ (.+)$", text(page))
    return {SLUG.sub("", heading.strip().lower()).replace(" ", "-") for heading in headings}


def broken_links(page):
    broken = []
    for match in LINK.finditer(text(page)):
        target, _, anchor = (match[1] or match[2]).partition("#")
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        destination = page.parent / target if target else page
        if not destination.exists() or (anchor and anchor not in anchors(destination)):
            broken.append(match[0])
    return broken


def commands(readme):
    """Return the commands that a README shows, without their comments, blank lines left out."""
    lines = (line for block in FENCE.findall(text(ROOT / readme)) for line in block.splitlines())
    return [command for line in lines if (command := line.split("#")[0].rstrip())]


def test_every_link_of_a_page_leads_somewhere():
    assert {name(page): broken for page in PAGES if (broken := broken_links(page))} == {}


def test_a_link_that_leads_nowhere_is_caught(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# Here\n[a](#here) [b](#there) ![c](missing.png) [d](https://example.org)\n", encoding="utf-8"
    )
    assert broken_links(page) == ["[b](#there)", "![c](missing.png)"]


def broken_sentences(page):
    """Return the line ends inside a Chinese paragraph: a browser shows each as a blank."""
    lines = re.sub(r"(?ms)^ *```.*?^ *```$", "", page).splitlines()
    return [
        line[-12:]
        for line, following in itertools.pairwise(lines)
        if re.search(HAN, line)
        and re.search(HAN, following)
        and not (line.startswith(("#", "|", ">")) or line.endswith("  ") or BEGINS_ANEW.match(following))
    ]


def test_no_line_ends_inside_a_chinese_paragraph():
    assert {name(page): broken for page in CHINESE_PAGES if (broken := broken_sentences(text(page)))} == {}


def test_a_line_that_ends_inside_a_chinese_paragraph_is_caught():
    page = "# 标题\n第一行\n第二行\n\n- 一项\n- 二项\n\n```sh\n甲\n乙\n```\n"
    assert broken_sentences(page) == ["第一行"]


def test_chinese_pages_use_the_words_of_the_program():
    found = {name(page): STUMBLING_BLOCKS.findall(text(page)) for page in CHINESE_PAGES}
    assert {page: words for page, words in found.items() if words} == {}


def test_every_make_command_on_a_page_exists():
    targets = {one for line in TARGETS.findall(text(ROOT / "Makefile")) for one in line.split()}
    named = {name(page): set(MAKE.findall(text(page))) for page in PAGES}
    assert {page: missing for page, used in named.items() if (missing := used - targets)} == {}


def test_no_command_installs_bixie_from_an_index_that_does_not_have_it():
    assert {name(path): found for path in WRITTEN if (found := FROM_AN_INDEX.findall(text(path)))} == {}


@pytest.mark.parametrize(
    "line", ['pip install "bixie[video]"', "uv tool install bixie", "pip install bixie==1"]
)
def test_a_command_that_installs_from_an_index_is_caught(line):
    assert FROM_AN_INDEX.search(line)
    assert not FROM_AN_INDEX.search('pip install ".[video]" && uv tool install ./bixie-1-py3-none-any.whl')


def test_a_wheel_file_is_named_as_this_version_is_built():
    named = {name(path): set(WHEEL.findall(text(path))) for path in PAGES}
    assert {page: found for page, found in named.items() if found - {__version__}} == {}
    assert named["README.md"]
    assert named["README.zh-CN.md"]


def test_both_readmes_show_the_same_commands():
    english, chinese = (commands(readme) for readme in READMES)
    assert english
    assert english == chinese


def test_a_paragraph_of_the_chinese_readme_is_one_line():
    # A browser shows a line break inside a sentence as a blank.
    prose = re.sub(r"(?ms)^```.*?^```", "```", text(ROOT / "README.zh-CN.md"))
    broken = re.findall(r"(?m)^(?![#|`!]).+\n(?![#|`!]|- |\d+\. ).+$", prose)
    assert broken == []


def test_both_readmes_have_the_same_sections_and_name_each_other():
    english, chinese = (text(ROOT / readme) for readme in READMES)
    assert len(re.findall(r"(?m)^## ", english)) == len(re.findall(r"(?m)^## ", chinese))
    assert READMES[1] in english
    assert READMES[0] in chinese


def test_both_readmes_name_the_verdicts_as_the_page_does():
    sentences = tomllib.loads(text(ROOT / "src/bixie/report/messages.toml"))
    rows = {readme: text(ROOT / readme) for readme in READMES}
    for verdict in Verdict:
        assert f"| `{verdict}` |" in rows["README.md"]
        assert f"| `{verdict}` {sentences[f'verdict.{verdict}']['zh']} |" in rows["README.zh-CN.md"]


def test_the_guide_to_reports_quotes_titles_that_the_page_uses():
    rooms = (ROOT / "src/bixie").rglob("messages.toml")
    tables = [table for room in rooms for table in tomllib.loads(text(room)).values()]
    for guide, language in (("read-a-report.md", "en"), ("read-a-report.zh-CN.md", "zh")):
        rows = re.findall(r"(?m)^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", text(ROOT / "docs/how-to" / guide))
        heads = {"verdict", "title", "结论", "标题"}
        titles = [re.sub(r" ?…+$", "", row) for row in rows if row not in heads]
        said = [table[language] for table in tables]
        assert len(titles) == 15
        assert [title for title in titles if not any(one.startswith(title) for one in said)] == []


def test_every_decision_has_a_page_or_a_successor_in_the_index():
    pages = [int(path.name[:4]) for path in (ROOT / "docs/adr").glob("[0-9]*.md")]
    replaced = [int(number) for number in re.findall(r"(?m)^\| (\d+) \|", text(ROOT / "docs/adr/README.md"))]
    assert sorted(pages + replaced) == list(range(1, max(pages) + 1))


def test_every_decision_has_a_status_its_context_and_its_consequences():
    for record in (ROOT / "docs/adr").glob("[0-9]*.md"):
        headings = re.findall(r"(?m)^## (.+)$", text(record))
        assert headings == ["Context", "Decision", "Consequences"], record.name
        assert re.search(r"Status: (accepted|superseded by \d{4})\.", text(record)), record.name
