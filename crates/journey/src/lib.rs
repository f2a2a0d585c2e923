//! The app's mind: where the citizen is, what may happen next, what to do about it. Pure.
