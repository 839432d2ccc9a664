-- Between one success and the next, the whole of it; also from the start of service to the first, and from the last to
-- the end.
WITH done AS (
  SELECT b.system, CASE WHEN unixepoch(b.finished_at) <= unixepoch(a.as_of) THEN unixepoch(b.finished_at)
                        ELSE unixepoch(b.started_at) END AS t
  FROM backup b CROSS JOIN about a WHERE b.record_state = 'counts' AND b.result = 'success'
),
marks AS (
  SELECT system, t FROM done
  UNION SELECT s.id, unixepoch(s.served_from) FROM systems s
        WHERE NOT EXISTS (SELECT 1 FROM done d WHERE d.system = s.id AND d.t <= unixepoch(s.served_from))
  UNION SELECT s.id, unixepoch(s.served_until) FROM systems s
        WHERE NOT EXISTS (SELECT 1 FROM done d WHERE d.system = s.id AND d.t >= unixepoch(s.served_until))
),
gaps AS (SELECT system, t AS starts, lead(t) OVER (PARTITION BY system ORDER BY t) AS ends FROM marks)
SELECT 'backup_longest_gap' AS figure, s.system, s.month AS period, NULL AS part,
       max(g.ends - g.starts) AS value, max(g.ends - g.starts) AS numerator,
       CASE WHEN count(g.ends) > 0 THEN 1 ELSE 0 END AS denominator
FROM system_months s LEFT JOIN gaps g ON g.system = s.system AND g.starts < s.ends AND s.starts < g.ends
GROUP BY s.system, s.month
