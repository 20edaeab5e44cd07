"""What a viewer may fetch ahead."""
