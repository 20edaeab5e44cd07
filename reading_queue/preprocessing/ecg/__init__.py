"""ECG waveforms: read into microvolts, drawn as on paper."""
