-- Between one success and the next, the whole of it; also from the start of service to the first, and from the last to
-- the end. A month looks at the successes in it, at the last before it and at the first after it.
WITH done AS (
  SELECT b.system, CASE WHEN unixepoch(b.finished_at) <= unixepoch(a.as_of) THEN unixepoch(b.finished_at)
                        ELSE unixepoch(b.started_at) END AS t
  FROM backup b CROSS JOIN about a WHERE b.record_state = 'counts' AND b.result = 'success'
),
near AS (
  SELECT s.system, s.month, s.starts, s.ends,
         count(CASE WHEN d.t <= s.starts THEN 1 END) AS before, max(CASE WHEN d.t <= s.starts THEN d.t END) AS last,
         min(CASE WHEN d.t >= s.ends THEN d.t END) AS next
  FROM system_months s LEFT JOIN done d ON d.system = s.system
  GROUP BY s.system, s.month, s.starts, s.ends
),
marks AS (
  SELECT n.system, n.month, n.starts, n.ends, d.t FROM near n
  JOIN done d ON d.system = n.system AND d.t >= coalesce(n.last, d.t) AND d.t <= coalesce(n.next, d.t)
  UNION SELECT n.system, n.month, n.starts, n.ends, unixepoch(y.served_from)
  FROM near n JOIN systems y ON y.id = n.system WHERE n.before <= 1
  UNION SELECT n.system, n.month, n.starts, n.ends, unixepoch(y.served_until)
  FROM near n JOIN systems y ON y.id = n.system WHERE n.next IS NULL
),
gaps AS (
  SELECT system, month, starts, ends, t AS a, lead(t) OVER (PARTITION BY system, month ORDER BY t) AS b FROM marks
)
SELECT 'backup_longest_gap' AS figure, s.system, s.month AS period, NULL AS part,
       max(g.b - g.a) AS value, max(g.b - g.a) AS numerator, CASE WHEN count(g.b) > 0 THEN 1 ELSE 0 END AS denominator
FROM system_months s
LEFT JOIN gaps g ON g.system = s.system AND g.month = s.month AND g.a < g.ends AND g.starts < g.b
GROUP BY s.system, s.month
