//! Stories that run the real driver against the real portal.
