"""Names of the coefficients, without anything that takes time to import."""

from __future__ import annotations

#: coefficient -> what it is in one line; the order is the order of the rows
COEFFICIENTS: dict[str, str] = {
    "percent": "share of agreeing pairs of coders, not corrected for chance",
    "cohen_kappa": "Cohen's kappa of every pair of coders, and the mean over the pairs",
    "fleiss_kappa": "Fleiss' kappa",
    "gwet_ac1": "Gwet's AC1",
    "alpha_nominal": "Krippendorff's alpha, coded or not (over all themes: equal sets of themes or not)",
    "alpha_ordinal": "Krippendorff's alpha of the confidences as ranks",
    "alpha_interval": "Krippendorff's alpha of the confidences as they are",
    "alpha_ratio": "Krippendorff's alpha of the confidences as ratios",
    "alpha_masi": "Krippendorff's alpha over sets of themes, MASI distance",
    "alpha_jaccard": "Krippendorff's alpha over sets of themes, Jaccard distance",
    "alpha_multivalued": "multi-valued alpha of Krippendorff and Craggs over sets of themes",
}
#: coefficients that compare whole sets of themes, so that they have no row per theme
SET_COEFFICIENTS = ("alpha_masi", "alpha_jaccard", "alpha_multivalued")
#: coefficients of the confidences rather than of coded or not
CONFIDENCE_COEFFICIENTS = ("alpha_ordinal", "alpha_interval", "alpha_ratio")
#: what is reported unless something else is asked for
DEFAULT_COEFFICIENTS = ("alpha_nominal", "alpha_masi")
#: kinds of bootstrap interval
INTERVALS = ("percentile", "bca")
