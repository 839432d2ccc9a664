-- Nearest rank, of the updates that are neither critical nor high and were applied: the smallest value with at least
-- half of all at or below it.
WITH taken AS (
  SELECT u.system, u.record_month AS month, unixepoch(u.applied_at) - unixepoch(u.checked_at) AS seconds
  FROM "update" u CROSS JOIN about a
  WHERE u.record_state = 'counts' AND (u.severity IS NULL OR u.severity NOT IN ('critical', 'high'))
    AND (u.result IS NULL OR u.result = 'applied') AND unixepoch(u.applied_at) <= unixepoch(a.as_of)
),
ranked AS (
  SELECT system, month, seconds,
         row_number() OVER (PARTITION BY system, month ORDER BY seconds) AS place,
         count(*) OVER (PARTITION BY system, month) AS n
  FROM taken
)
SELECT 'patch_median_others' AS figure, s.system, s.month AS period, NULL AS part,
       min(r.seconds) AS value, min(r.seconds) AS numerator, CASE WHEN count(r.seconds) > 0 THEN 1 ELSE 0 END AS denominator
FROM system_months s LEFT JOIN ranked r ON r.system = s.system AND r.month = s.month AND r.place * 2 >= r.n
GROUP BY s.system, s.month
