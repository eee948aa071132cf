//! HTTP: staff console, JSON API.
