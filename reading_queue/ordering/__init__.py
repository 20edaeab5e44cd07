"""What is looked at before an examination is ordered: what the patient has had already, and whether that will do."""
