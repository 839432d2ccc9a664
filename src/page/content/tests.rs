//! What pages of people become: their fields, links, addresses, and what is said of those that are wrong.
