//! Sealed storage: everything a citizen makes is sealed with the work key before it touches disk.
