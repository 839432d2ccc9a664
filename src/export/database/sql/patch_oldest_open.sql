-- The age of the oldest that was open at the month's end.
WITH ends AS (SELECT system, month, CASE WHEN ends < now THEN ends ELSE now END AS t FROM system_months)
SELECT 'patch_oldest_open' AS figure, s.system, s.month AS period, NULL AS part,
       max(s.t - u.checked) AS value, max(s.t - u.checked) AS numerator,
       CASE WHEN count(u.checked) > 0 THEN 1 ELSE 0 END AS denominator
FROM ends s
LEFT JOIN grave_updates u ON u.system = s.system AND u.checked < s.t AND (u.applied IS NULL OR u.applied > s.t)
GROUP BY s.system, s.month
