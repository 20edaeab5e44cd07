"""`/dicomweb/workitems`: reading tasks as Unified Procedure Steps (UPS-RS, PS3.18 section 11)."""
