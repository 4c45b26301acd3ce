"""XMP is read without a parser: nothing is expanded, damage is survived, work is bounded."""

import pytest
from tests.makers.labels.blocks import xmp_property

from bixie.examiners.label.xmp import decoded, read_packet


def said(text, most=10_000):
    return {(one.namespace, one.name): one.value for one in read_packet(text, most).properties}


def test_elements_attributes_resources_and_lists_are_properties():
    for form in ("element", "attribute", "resource", "list"):
        packet = xmp_property("a", "http://example.org/", "title", "a & b", form)
        assert said(packet) == {("http://example.org/", "title"): "a & b"}


def test_a_prefix_is_resolved_by_its_declaration_and_by_custom():
    assert said('<x xmlns:p="uri"><p:a>1</p:a></x>') == {("uri", "a"): "1"}
    assert said("<photoshop:Credit>1</photoshop:Credit>") == {
        ("http://ns.adobe.com/photoshop/1.0/", "Credit"): "1"
    }
    assert said("<unknown:a>1</unknown:a>") == {("", "a"): "1"}


def test_references_are_replaced_and_entities_are_not_expanded():
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><p:x>&lt;&#65;&a;&b;</p:x>'
    )
    assert said(bomb)[("", "x")] == "<A&a;&b;"


@pytest.mark.parametrize("text", ["<a", "<a b='", "<!-- ", "<![CDATA[x", "<?x", "</a></a>", "<>", "&", ""])
def test_damage_is_survived(text):
    read_packet(text, 100)


def test_what_stands_before_the_damage_is_read():
    packet = read_packet("<p:a>1</p:a><p:b c='", 100)
    assert [one.value for one in packet.properties] == ["1"]
    assert not packet.complete


def test_tags_are_counted():
    packet = read_packet("<p:a>1</p:a>" * 1000, 100)
    assert len(packet.properties) == 50
    assert not packet.complete


@pytest.mark.parametrize("text", ['<a "' * 200_000, "<a " * 200_000, "<!" * 200_000])
def test_a_tag_without_end_ends_the_reading(text):
    # One step each: a reading that went on from the next bracket would look at everything again and again.
    packet = read_packet(text, 20_000)
    assert packet.properties == []
    assert not packet.complete


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_of_the_standard_is_decoded(encoding):
    assert "人" in decoded("<a>人</a>".encode(encoding))


def test_bytes_that_are_no_text_are_replaced():
    assert decoded(b"<a>\xff\xfe</a>") == "<a>��</a>"
