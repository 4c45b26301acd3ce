"""Names of services and programs that make pictures by generative AI, for every examiner alike."""

import re

__all__ = ["PRODUCTS", "ai_service"]

PRODUCTS = (
    "ChatGPT", "OpenAI", "DALL[-·• ]?E", "GPT-4o", "gpt-image", "OpenAI Sora", "Midjourney",
    "Stable Diffusion", "Adobe Firefly", "Google Gemini", "Gemini AI", "Google Imagen", "Imagen [2-9]",
    "Google AI", "Nano Banana", "Leonardo ?\\.?AI", "Ideogram", "Recraft", "xAI", "Grok",
    "Bing Image Creator", "Image Creator from Designer", "Runway ?ML", "Krea AI", "FLUX\\.[1-9]", "Seedream",
    "Dreamina", "即梦", "豆包", "可灵", "Kling AI", "通义万相", "文心一格", "混元生图", "Playground AI",
    "NightCafe", "Magnific", "Reve Image",
)  # fmt: skip
"""Names of generators, as patterns; one of them must begin a field that says what wrote the file."""

_PRODUCT = re.compile(rf"(?i:{'|'.join(PRODUCTS)})(?=$|[\s:;,/()·-]|v?\d)")


def ai_service(text: str) -> str | None:
    """Return the name that a text begins with, as it is written there; None for any other text."""
    found = _PRODUCT.match(text.strip())
    return found[0] if found else None
