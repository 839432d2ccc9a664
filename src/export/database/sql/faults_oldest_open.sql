-- The age of the oldest that was reported before the month's end and not resolved by then.
WITH ends AS (SELECT system, month, CASE WHEN ends < now THEN ends ELSE now END AS t FROM system_months)
SELECT 'faults_oldest_open' AS figure, s.system, s.month AS period, NULL AS part,
       max(s.t - unixepoch(f.reported_at)) AS value, max(s.t - unixepoch(f.reported_at)) AS numerator,
       CASE WHEN count(f.reported_at) > 0 THEN 1 ELSE 0 END AS denominator
FROM ends s
LEFT JOIN fault f ON f.system = s.system AND f.record_state = 'counts' AND unixepoch(f.reported_at) < s.t
                  AND (f.resolved_at IS NULL OR unixepoch(f.resolved_at) > s.t)
GROUP BY s.system, s.month
