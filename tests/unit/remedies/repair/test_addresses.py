"""Addresses: the right division or none, and the alternatives where it is in doubt."""

import json
from collections import Counter

import pytest

from bixie.cli.main import main
from bixie.remedies.repair.addresses import parse_address
from bixie.remedies.repair.addresses.divisions import CITY, COUNTY, PROVINCE, TOWN, divisions_of_china
from bixie.remedies.repair.addresses.spellings import SHORT, spellings_of, town_spellings

SURE = {
    # A county inside a prefecture that is named like another county, city or province.
    "临夏广河县": "622924",
    "临夏康乐县": "622922",
    "甘孜石渠县": "513332",
    "红河石屏县": "532525",
    "文山马关县": "532625",
    "黔南平塘县": "522727",
    "海南共和县": "632521",
    "临夏县": "622921",
    "临夏市": "622901",
    "红河县": "532529",
    "吉林市": "2202",
    "石家庄桥西区": "130104",
    # Levels that are skipped.
    "东莞": "441900",
    "东莞市莞城街道": "441900006",
    "东莞长安": "441900119",
    "儋州那大": "460400100",
    "五指山市南圣": "469001101",
    "湖北仙桃市郑场镇": "429004100",
    "安徽省庐阳区": "340103",
    "合肥市三河镇": "340123101",
    "嘉峪关": "620201",
    "五家渠": "659004",
    # Renamed and merged.
    "中山市民众镇": "442000007",
    "芜湖县": "340210",
    "许昌县": "411003",
    "京山县": "420882",
    "襄樊市": "4206",
    "江苏省苏州市平江区": "320508",
    "杭州下城区": "330105",
    "临夏东乡县": "622926",
    # Short and customary.
    "北京朝阳": "110105",
    "巴州库尔勒": "652801",
    "湘西州凤凰县": "433123",
    "呼伦贝尔鄂温克旗": "150724",
    "海南陵水": "469028",
    # Inside of other text.
    "收货地址：浙江省杭州市西湖区文三路 138号": "330106",
    "张三 13800000000 广东省深圳市南山区北京大学深圳校区": "440305",
    "北京市北京市朝阳区望京街道阜通东大街6号": "110105026",
    "上海市南京西路1515号": "31",
    "浙江省 · 杭州市 · 西湖区😀": "330106",
    "四川省阿坝州若尔盖县巴西镇": "513232104",
    # Without official codes below the top.
    "台湾台北市中山区": "71",
    "香港湾仔区": "81",
}


def code(text):
    return parse_address(text).to_dict("en")["code"]


@pytest.mark.parametrize(("text", "right"), SURE.items())
def test_the_lowest_division_that_is_sure_is_found(text, right):
    assert code(text) == right


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("朝阳区", ["110105", "220104"]),
        ("通州市", ["110112", "320612"]),
        ("合肥市庐阳区\u00a0合肥市瑶海区", ["340103", "340102"]),
        ("北京市朝阳区或上海市徐汇区", ["110105", "310104"]),
        ("美国纽约，代收人住址北京市朝阳区", ["110105"]),
        ("日本东京都", []),
        ("天安门旁边", []),
        ("联系人李东方，地址不详", []),
        ("😀😀", []),
        ("", []),
        ("\x00\ufffd", []),
    ],
)
def test_in_doubt_nothing_is_guessed_and_the_alternatives_are_named(text, alternatives):
    found = parse_address(text).to_dict("zh")
    assert (found["code"], [one["code"] for one in found["alternatives"]]) == (None, alternatives)
    assert found["note"]
    assert found["text"] == text


def test_what_follows_the_names_is_kept():
    assert parse_address("浙江省杭州市西湖区文三路 138号").rest == "文三路 138号"


def test_today_s_name_is_told():
    assert "湾沚区" in parse_address("芜湖县").to_dict("zh")["note"]


def test_a_long_text_is_read_as_far_as_addresses_go():
    assert code("北京市朝阳区" + "哈" * 10_000) == "110105"
    assert code("哈" * 10_000) is None


def short(division):
    shorts = (one for one, kind in spellings_of(division).items() if kind == SHORT)
    return min(shorts, key=len, default=division.name)


def spellings(table, division):
    province, city = table.at(division, PROVINCE), table.at(division, CITY)
    if division.level == TOWN:
        county = table.at(division, COUNTY)
        above = (city.name if city else province.name) + ("" if table.is_its_city(county) else county.name)
        return (above + division.name, above + min(town_spellings(division), key=len))
    if division.level == CITY or city is None:
        return (division.name, province.name + division.name, short(province) + division.name)
    return (
        division.name,
        province.name + division.name,
        city.name + division.name,
        short(city) + division.name,
        short(province) + short(city) + short(division),
    )


def test_no_spelling_of_any_city_or_county_leads_to_another_one():
    """Every city and county in up to five spellings, and every 29th township in two."""
    table = divisions_of_china()
    counts, wrong = Counter(), []
    for number, division in enumerate(table.by_code.values()):
        left_out = table.is_placeholder(division) or division.level == PROVINCE or not division.code.isdigit()
        if left_out or (division.level == TOWN and number % 29):
            continue
        for text in spellings(table, division):
            found = parse_address(text).division
            counts[division.level, found == division] += 1
            if found is not None and not division.code.startswith(found.code):
                # The row of Dongguan's county is its city once more.
                twin = table.is_its_city(found) and found.code.startswith(division.code)
                wrong += [] if twin else [(text, found)]
    assert wrong == []
    assert counts[COUNTY, True] > 0.98 * (counts[COUNTY, True] + counts[COUNTY, False])
    assert counts[TOWN, True] > 0.98 * (counts[TOWN, True] + counts[TOWN, False])


def test_every_line_of_a_file_is_answered_by_one_line(tmp_path, capfd):
    file = tmp_path / "addresses.txt"
    file.write_bytes("\ufeff黔南平塘县\r\n\n朝阳区\n".encode() + b"\xff\xfe\n" + "五指山市南圣".encode())
    assert main(["address", "parse", str(file), "--json"]) == 0
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [one["code"] for one in lines] == ["522727", None, None, None, "469001101"]
    assert lines[0]["text"] == "黔南平塘县"
    assert set(lines[0]) >= {"text", "code", "province", "city", "county", "town", "alternatives", "note"}


def test_plain_lines_are_for_people(tmp_path, capfd):
    file = tmp_path / "addresses.txt"
    file.write_text("芜湖县\n", encoding="utf-8")
    assert main(["--lang", "zh", "address", "parse", str(file)]) == 0
    assert capfd.readouterr().out == "340210\t安徽省 芜湖市 湾沚区\t芜湖县\t现名为“湾沚区”。\n"


def test_a_file_that_is_not_there_is_wrong_usage(capfd):
    with pytest.raises(SystemExit) as stopped:
        main(["address", "parse", "missing.txt"])
    assert stopped.value.code == 2
    assert "missing.txt" in capfd.readouterr().err
