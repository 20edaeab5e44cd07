"""SCP-ECG (EN 1064, ISO 11073-91064): sections with checksums, Huffman codes, differences, reference beats."""

from storage.ingest.ecg.scp.reading import NAME, is_scp, read

__all__ = ["NAME", "is_scp", "read"]
