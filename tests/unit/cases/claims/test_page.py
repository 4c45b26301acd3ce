"""Both pages about claims say what the options say."""

import importlib.util
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[4] / "docs" / "reference"


def test_both_pages_are_what_the_options_generate():
    spec = importlib.util.spec_from_file_location("generate_claims", REFERENCE / "generate_claims.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for language, name in module.PAGES.items():
        assert (REFERENCE / name).read_text(encoding="utf-8") == module.page(language)
