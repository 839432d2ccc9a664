-- Nearest rank: the smallest value with at least half of all at or below it.
WITH ranked AS (
  SELECT system, month, applied - checked AS seconds,
         row_number() OVER (PARTITION BY system, month ORDER BY applied - checked) AS place,
         count(*) OVER (PARTITION BY system, month) AS n
  FROM grave_updates WHERE applied IS NOT NULL
)
SELECT 'patch_median' AS figure, s.system, s.month AS period, NULL AS part,
       min(r.seconds) AS value, min(r.seconds) AS numerator, CASE WHEN count(r.seconds) > 0 THEN 1 ELSE 0 END AS denominator
FROM system_months s LEFT JOIN ranked r ON r.system = s.system AND r.month = s.month AND r.place * 2 >= r.n
GROUP BY s.system, s.month
