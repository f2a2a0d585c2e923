//! Folio: the app's shell. Implements ports with Tauri and the plugins, decides nothing.
