"""`/fhir`: what the county knows in the words of HL7 FHIR R4."""
