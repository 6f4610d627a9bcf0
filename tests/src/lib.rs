//! Everything together: guards of the house, real clients, fixtures.
