"""The only part of the relay that knows PyAV."""
