-- The months of each system in service, in seconds: the whole month, the part served, and the instant of judgement.
SELECT s.system, s.month, unixepoch(m.starts_at) AS starts, unixepoch(m.ends_at) AS ends, m.first_day,
       unixepoch(s.served_from) AS served_from, unixepoch(s.served_until) AS served_until, unixepoch(a.as_of) AS now
FROM service s JOIN months m ON m.month = s.month CROSS JOIN about a
