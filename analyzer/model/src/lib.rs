//! The analyzer's words: address, origin, place, facts, finding, report.
