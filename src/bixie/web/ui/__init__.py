"""The look and the parts that all pages share: layout, macros, style, small scripts, assets."""
