-- Those whose deadline falls in the month and has passed: the share answered by then.
WITH limits AS (
  SELECT 'urgent' AS grade, 'urgent_minutes' AS param UNION ALL SELECT 'important', 'important_minutes'
),
asked AS (
  SELECT r.system, r.grade, unixepoch(r.reported_at) + p.minutes_in_s AS deadline, unixepoch(r.responded_at) AS served
  FROM fault r JOIN limits l ON l.grade = r.grade
  JOIN params p ON p.name = l.param AND r.record_day BETWEEN p.from_day AND p.until_day
  WHERE r.record_state = 'counts'
)
SELECT 'response_compliance' AS figure, s.system, s.month AS period, l.grade AS part,
       count(CASE WHEN a.served <= a.deadline THEN 1 END) AS numerator, count(a.deadline) AS denominator
FROM system_months s CROSS JOIN limits l
LEFT JOIN asked a ON a.system = s.system AND a.grade = l.grade
                  AND a.deadline >= s.starts AND a.deadline < s.ends AND a.deadline <= s.now
GROUP BY s.system, s.month, l.grade
