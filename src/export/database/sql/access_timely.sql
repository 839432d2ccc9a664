-- Those whose deadline falls in the month and has passed: the share served by then.
WITH asked AS (
  SELECT r.system, unixepoch(r.requested_at) + p.days_in_s AS deadline, unixepoch(r.done_at) AS served
  FROM access r JOIN params p ON p.name = 'access_days' AND r.record_day BETWEEN p.from_day AND p.until_day
  WHERE r.record_state = 'counts'
)
SELECT 'access_timely' AS figure, s.system, s.month AS period, NULL AS part,
       count(CASE WHEN a.served <= a.deadline THEN 1 END) AS numerator, count(a.deadline) AS denominator
FROM system_months s
LEFT JOIN asked a ON a.system = s.system AND a.deadline >= s.starts AND a.deadline < s.ends AND a.deadline <= s.now
GROUP BY s.system, s.month
