//! The typed HTTP client of the protocol; used by the app and by the tests.
