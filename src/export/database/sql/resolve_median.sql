-- Nearest rank: the smallest value with at least half of all at or below it.
WITH taken AS (
  SELECT r.system, r.record_month, r.grade, unixepoch(r.resolved_at) - unixepoch(r.reported_at) AS seconds
  FROM fault r CROSS JOIN about a WHERE r.record_state = 'counts' AND unixepoch(r.resolved_at) <= unixepoch(a.as_of)
),
ranked AS (
  SELECT system, record_month, grade, seconds,
         row_number() OVER (PARTITION BY system, record_month, grade ORDER BY seconds) AS place,
         count(*) OVER (PARTITION BY system, record_month, grade) AS n
  FROM taken
)
SELECT 'resolve_median' AS figure, s.system, s.month AS period, c.name AS part,
       min(r.seconds) AS value, min(r.seconds) AS numerator, CASE WHEN count(r.seconds) > 0 THEN 1 ELSE 0 END AS denominator
FROM system_months s JOIN choices c ON c.kind = 'fault' AND c.field = 'grade'
LEFT JOIN ranked r ON r.system = s.system AND r.record_month = s.month AND r.grade = c.name AND r.place * 2 >= r.n
GROUP BY s.system, s.month, c.name
