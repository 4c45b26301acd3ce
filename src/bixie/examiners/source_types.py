"""The terms of IPTC's digital source types that speak of trained models, for every examiner alike.

Terms are compared whole: ``algorithmicMedia`` is procedural art, and a part of other terms' names.

References
----------
IPTC NewsCodes, Digital Source Type, http://cv.iptc.org/newscodes/digitalsourcetype/.
"""

__all__ = ["AI_SOURCE_TYPES", "GENERATED"]

GENERATED = "trainedAlgorithmicMedia"
"""Wholly generated."""
AI_SOURCE_TYPES = {
    GENERATED: "trained_algorithmic_media",
    "compositeWithTrainedAlgorithmicMedia": "composite_with_trained_algorithmic_media",
    "compositeSynthetic": "composite_synthetic",
}
"""Terms that say a trained model made the picture or a part of it, and their names in finding codes."""
