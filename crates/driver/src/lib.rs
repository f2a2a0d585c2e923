//! Does what the journey asks, once, with the real scan, pdf, vault and client; only ports differ.
