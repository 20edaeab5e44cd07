"""What is done to orders: placing, changing and cancelling them, and following what modalities and studies tell."""
