"""The province-level divisions whose courts apply mainland criminal law, by the letters of ISO 3166-2:CN."""

__all__ = ["PROVINCES", "SPECIAL"]

PROVINCES = {
    "AH": ("安徽", "Anhui"),
    "BJ": ("北京", "Beijing"),
    "CQ": ("重庆", "Chongqing"),
    "FJ": ("福建", "Fujian"),
    "GD": ("广东", "Guangdong"),
    "GS": ("甘肃", "Gansu"),
    "GX": ("广西", "Guangxi"),
    "GZ": ("贵州", "Guizhou"),
    "HA": ("河南", "Henan"),
    "HB": ("湖北", "Hubei"),
    "HE": ("河北", "Hebei"),
    "HI": ("海南", "Hainan"),
    "HL": ("黑龙江", "Heilongjiang"),
    "HN": ("湖南", "Hunan"),
    "JL": ("吉林", "Jilin"),
    "JS": ("江苏", "Jiangsu"),
    "JX": ("江西", "Jiangxi"),
    "LN": ("辽宁", "Liaoning"),
    "NM": ("内蒙古", "Inner Mongolia"),
    "NX": ("宁夏", "Ningxia"),
    "QH": ("青海", "Qinghai"),
    "SC": ("四川", "Sichuan"),
    "SD": ("山东", "Shandong"),
    "SH": ("上海", "Shanghai"),
    "SN": ("陕西", "Shaanxi"),
    "SX": ("山西", "Shanxi"),
    "TJ": ("天津", "Tianjin"),
    "XJ": ("新疆", "Xinjiang"),
    "XZ": ("西藏", "Tibet"),
    "YN": ("云南", "Yunnan"),
    "ZJ": ("浙江", "Zhejiang"),
}
"""Letters to names, Chinese and English."""

SPECIAL = frozenset(("HK", "MO", "TW"))
"""Divisions where mainland criminal law does not apply; they are refused."""
