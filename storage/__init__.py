"""What a study is, and where its bytes and rows live."""
