//! What an organisation declares about its non-human identities, and the rules that obeys.
