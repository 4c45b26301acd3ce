"""Fields as the gathering would give them."""

from bixie.examiners.label.fields import Field


def field(text, key="AIGC", carrier="png.text", namespace=""):
    return Field(carrier, key, text, "tEXt", 33, namespace)
