from bench.running import Outcome, Result
from bench.tables import markdown, summary


def result(found, *, conclusive=False, f1=None, area=0.0, edited=False, trouble=""):
    return Result(found, conclusive, edited, (), f1, area, 0.1, trouble)


def outcome(row, group, own, what="", number=0):
    return Outcome(f"{row}/{group}/{number}", row, group, what, "", {"bixie": own})


def test_false_accusations_come_first():
    text = markdown([outcome("honest", "same_product", result(True, conclusive=True))], ["bixie"])
    assert text.index("false links that are `conclusive`") < text.index("false links, all honest photos")


def test_conclusive_false_links_are_counted_apart():
    own = [result(True), result(True, conclusive=True), result(False), result(False)]
    outcomes = [outcome("honest", "same_product", one, number=i) for i, one in enumerate(own)]
    rates = summary(outcomes, ["bixie"])["bixie"]["rates"]
    assert (rates["honest"]["count"], rates["honest"]["of"]) == (2, 4)
    assert rates["honest_conclusive"]["count"] == 1
    assert rates["honest"]["groups"]["same_product"]["count"] == 2


def test_lines_and_blobs_have_means_of_their_own():
    outcomes = [
        outcome("found.local", "crop", result(True, f1=0.4), "crack", 0),
        outcome("found.local", "crop", result(True, f1=0.8), "stain", 1),
        outcome("found.cutout", "cutout", result(False, f1=0.0), "stain", 2),
    ]
    masks = summary(outcomes, ["bixie"])["bixie"]["f1"]
    assert masks["thin"]["mean"] == 0.4
    assert masks["blobs"]["mean"] == 0.4
    assert masks["blobs"]["of"] == 2


def test_an_annotation_counts_as_damage_only_when_something_is_outlined():
    own = [result(True, edited=True, area=0.01), result(True, edited=False), result(True, edited=True)]
    outcomes = [outcome("annotation", "circle", one, number=i) for i, one in enumerate(own)]
    assert summary(outcomes, ["bixie"])["bixie"]["rates"]["annotation"]["count"] == 1


def test_an_unedited_copy_is_quiet_below_one_percent():
    outcomes = [
        outcome("copy", "same", result(True, area=area), number=i)
        for i, area in enumerate((0.0, 0.009, 0.02))
    ]
    assert summary(outcomes, ["bixie"])["bixie"]["rates"]["copy_area"]["count"] == 2


def test_a_subject_that_stopped_is_named():
    text = markdown([outcome("copy", "same", result(False, trouble="out of order"))], ["bixie"])
    assert "could not answer 1 cases" in text
    assert "out of order" in text
