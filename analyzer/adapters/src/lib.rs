//! What each platform's resource types say, as facts.
