-- How long each fault took until then, by length: its place among those of its system, month and grade, and how many
-- these are.
WITH taken AS (
  SELECT r.system, r.record_month AS month, r.grade, unixepoch(r.verified_at) - unixepoch(r.reported_at) AS seconds
  FROM fault r CROSS JOIN about a WHERE r.record_state = 'counts' AND unixepoch(r.verified_at) <= unixepoch(a.as_of)
)
SELECT system, month, grade, seconds,
       row_number() OVER (PARTITION BY system, month, grade ORDER BY seconds) AS place,
       count(*) OVER (PARTITION BY system, month, grade) AS n
FROM taken
