"""Where snapshots lie, and what their manifests say."""

from streams.runtime.snapshot_place import Manifest, folder_of


def test_a_topics_id_is_one_folder():
    assert folder_of("8rX/G6H2RB+KY9Q/AxHyUQ") == "8rX_G6H2RB-KY9Q_AxHyUQ"


def test_a_manifest_is_what_it_was():
    manifest = Manifest("log-1", 7, {"chain": "00"}, {"a.sst": "0" * 64})
    assert Manifest.from_bytes(manifest.to_bytes()) == manifest
