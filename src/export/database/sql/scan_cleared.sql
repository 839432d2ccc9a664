-- Scans that found critical or high risks and whose last local day for clearing has passed; it belongs to the month of
-- that day.
WITH asked AS (
  SELECT r.system, d.month, unixepoch(d.ends_at) AS deadline, unixepoch(r.cleared_at) AS served
  FROM scan r
  JOIN params p ON p.name = 'scan_days' AND r.record_day BETWEEN p.from_day AND p.until_day
  JOIN days f ON f.day = r.record_day
  JOIN days d ON d.number = f.number + (p.days_in_s - p.days_in_s % 86400) / 86400
  WHERE r.record_state = 'counts' AND coalesce(r.critical, 0) + coalesce(r.high, 0) > 0
)
SELECT 'scan_cleared' AS figure, s.system, s.month AS period, NULL AS part,
       count(CASE WHEN a.served <= a.deadline THEN 1 END) AS numerator, count(a.deadline) AS denominator
FROM system_months s LEFT JOIN asked a ON a.system = s.system AND a.month = s.month AND a.deadline <= s.now
GROUP BY s.system, s.month
