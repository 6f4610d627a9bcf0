//! What the user hands us: plans, sources with spans, settings.
