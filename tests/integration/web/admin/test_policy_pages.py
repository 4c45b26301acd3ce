"""``/policies``: packs, a draft that is added, compared, published and retired; what others may see."""

import re
from importlib.resources import files

import pytest

from bixie.cases.names import reason_name
from bixie.policies import builtin_packs, read_pack
from bixie.web.policies.differences import differences

BUILTIN = "/policies/builtin-cn-default-1"


def text(answer):
    return answer.body.decode()


@pytest.fixture(scope="module")
def changed():
    """The text of a second version: longer to answer, one rule less, another picture for a reason."""

    source = files("bixie.policies.packs").joinpath("cn-default.yaml").read_text(encoding="utf-8")
    source = source.replace("id: cn-default", "id: shop-rules", 1).replace(
        "answer: {hours: 48}", "answer: {hours: 72}"
    )
    source = source.replace("state: published\n", "state: draft\n").replace(
        "from: 2026-02-01", "from: 2099-01-01"
    )
    return source.replace("  expired: [packaging]", "  expired: [packaging, whole]")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pack_says_its_rules_times_and_golden_cases(service, language):
    page = text(service.browsers["reviewer"].get(f"{BUILTIN}?lang={language}"))
    pack = builtin_packs()[0]
    for rule in pack.rules:
        assert rule.id in page
    assert page.count('class="state-ok"') == len(pack.golden)
    assert "state-bad" not in page
    assert "backtest" not in page  # a reviewer does not edit


def test_an_editor_adds_compares_publishes_and_retires(service, changed):
    editor = service.browsers["policy_editor"]
    broken = editor.send("/policies", csrf=editor.csrf(), text="id: [")
    assert broken.status == 422
    assert "id: [" in text(broken)
    made = editor.send("/policies", csrf=editor.csrf(), text=changed, once="pack-1")
    assert made.status == 303, re.findall(r'role="alert">([^<]*)', text(made))
    path = made.headers["location"]
    assert (
        editor.send("/policies", csrf=editor.csrf(), text=changed, once="pack-1").headers["location"] == path
    )
    page = text(editor.get(f"{path}?other=builtin-cn-default-1&lang=en"))
    rows = re.findall(r'<td class="removed">(.*?)</td><td class="added">(.*?)</td>', page)
    assert ("48 hours", "72 hours") in rows
    assert len(rows) == 2
    assert "<svg" not in page  # nothing was decided yet
    assert "Tried on 0 decisions" in page
    assert re.search(rf'action="{path}/publish" data-ask="[^"]+"', page)
    assert editor.send(f"{path}/publish", csrf=editor.csrf()).status == 303
    page = text(editor.get(path))
    assert re.search(rf'action="{path}/retire" data-ask="[^"]+"', page)
    assert editor.send(f"{path}/retire", csrf=editor.csrf()).status == 303
    assert "/retire" not in text(editor.get(path))


def test_others_do_not_see_or_change_rules(service, changed):
    assert service.browsers["clerk"].get("/policies").status == 403
    assert service.browsers["boss"].get("/policies").status == 403
    reviewer = service.browsers["reviewer"]
    assert "<textarea" not in text(reviewer.get("/policies"))
    assert reviewer.send("/policies", csrf=reviewer.csrf(), text=changed).status == 403
    assert reviewer.get("/policies/builtin-other-1").status == 404


def test_a_difference_names_both_sides_in_words(changed, tmp_path):
    file = tmp_path / "pack.yaml"
    file.write_text(changed, encoding="utf-8")
    found = differences(builtin_packs()[0], read_pack(file))
    said = {one.what.zh: (one.before.zh, one.after.zh) for one in found}
    assert said["商家处理"] == ("48 小时", "72 小时")
    before, after = said[f"图片要求：{reason_name('expired').zh}"]
    assert after.startswith(f"{before}、")
    assert differences(builtin_packs()[0], builtin_packs()[0]) == []
