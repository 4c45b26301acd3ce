"""Write both pages of the command line from its own help: `python docs/reference/generate.py`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bixie.cli.main import build_parser
from bixie.cli.parser import BilingualParser

if TYPE_CHECKING:
    from bixie.kit.messages import Language

HERE = Path(__file__).resolve().parent
HEADING = """# The command line

[中文](command-line.zh-CN.md)

What `bixie --help` and `bixie COMMAND --help` say; `--lang` chooses a language, otherwise that of the system
is used. This page is written by `python docs/reference/generate.py`; a test holds it to the program.

What the report says is on [its own page](report.md), `order.json` on [another](order.md), the limits for
files on [a third](limits.md).
"""
HEADING_ZH = """# 命令一览

[English](command-line.md)

这里是 `bixie --help` 和 `bixie 命令 --help` 的全部内容。\
语言用 `--lang` 选择，不写则跟随系统。\
本页由 `python docs/reference/generate.py` 生成，有测试保证与程序一致。

常用的几个：`bixie open` 打开网页检验照片，`bixie examine` 用命令检验，\
`bixie vault keep` 打包时存证，`bixie order import` 导入订单，`bixie label check` 查看 AI 标识，\
`bixie law assess` 对照法律。\
报告怎么看，见[看懂报告](../how-to/read-a-report.zh-CN.md)。
"""
PAGES: "dict[Language, tuple[str, str]]" = {
    "en": ("command-line.md", HEADING),
    "zh": ("command-line.zh-CN.md", HEADING_ZH),
}
"""File and heading of the page in each language."""


def helps(parser: BilingualParser, name: str = "bixie") -> Iterator[tuple[str, str]]:
    """Yield each command with its help, groups left out; first the whole program."""
    if not parser.commands or name == "bixie":
        yield name, parser.format_help()
    for word, part in parser.commands.items():
        yield from helps(part, f"{name} {word}")


def page(language: "Language") -> str:
    """Return the page in `language`."""
    parts = [PAGES[language][1]]
    for command, text in helps(build_parser(language)):
        parts.append(f"\n## {command}\n\n```text\n{text.rstrip()}\n```\n")
    return "".join(parts)


if __name__ == "__main__":
    for language, (name, _) in PAGES.items():
        (HERE / name).write_text(page(language), encoding="utf-8", newline="\n")
