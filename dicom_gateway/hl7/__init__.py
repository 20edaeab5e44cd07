"""Orders of hospital systems: HL7 v2 messages over MLLP."""
