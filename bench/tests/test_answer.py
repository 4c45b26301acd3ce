"""What the measuring of the drop page prints."""

from bench import answer


def test_the_table_names_target_verdict_and_machine():
    numbers = dict.fromkeys(
        ("sent_s", "answer_s", "decode_s", "answer_to_decode", "megabytes", "peak_mb"), 1.25
    ) | {"verdict": "refuted", "cores": 2, "rounds": 3, "machine": "x86_64"}
    text = answer.tables(numbers)[0].text()
    assert "| from the start to the report | ≤ 10 s | 1.25 |" in text
    assert "refuted" in text
    assert "3 rounds, 2 cores, x86_64" in text
