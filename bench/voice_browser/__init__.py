"""What a browser leg costs the media process, at set-up and in talk, beside aiortc doing the same."""
