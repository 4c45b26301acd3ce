"""Reasons of the system and of parsers, in words of both languages."""

import csv
import errno
import json
import smtplib
import socket
import ssl
import tomllib
import urllib.error

import pytest

from bixie.kit.reasons import plain_reason


def raised(call, *arguments):
    try:
        call(*arguments)
    except ValueError as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("error", "en", "zh"),
    [
        (FileNotFoundError(errno.ENOENT, "x", "a"), "no such file or folder", "没有这个文件或文件夹"),
        (PermissionError(errno.EACCES, "x"), "no permission", "没有权限"),
        (OSError(errno.ENOSPC, "x"), "the disk is full", "磁盘空间已满"),
        (OSError(errno.EIO, "x"), "the system reports EIO", "系统报告 EIO"),
        (socket.gaierror(-2, "Name or service not known"), "there is no host of this name", "找不到这个主机"),
        (urllib.error.URLError(ConnectionRefusedError(errno.ECONNREFUSED, "x")),
         "the other side refuses the connection", "对方拒绝连接"),
        (TimeoutError("timed out"), "no answer in time", "等待超时"),
        (raised(json.loads, "{\n x"), "not valid JSON (line 2, column 2)",
         "不是有效的 JSON（第 2 行第 2 列）"),
        (raised(b"ab\xff".decode), "not text in UTF-8 (byte 2)", "不是 UTF-8 文本（第 2 字节）"),
        (raised(tomllib.loads, "a = b"), "not valid TOML (line 1, column 5)",
         "不是有效的 TOML（第 1 行第 5 列）"),
        (csv.Error("line contains NUL"),
         "a quotation mark or a line end is out of place", "引号或换行的位置不对"),
        (RecursionError("maximum depth"), "nested too deeply", "嵌套层数太多"),
    ],
)  # fmt: skip
def test_a_known_failure_is_a_phrase_in_both_languages(error, en, zh):
    reason = plain_reason(error)
    assert (reason.en, reason.zh) == (en, zh)


@pytest.mark.parametrize(
    "error",
    [
        ssl.SSLError(1, "certificate verify failed"),
        smtplib.SMTPAuthenticationError(535, b"no"),
        OSError("odd"),
        ValueError("something of a library"),
    ],
)
def test_what_is_not_known_keeps_its_type_and_message(error):
    assert plain_reason(error).zh.startswith(type(error).__name__)
