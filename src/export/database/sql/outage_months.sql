-- Agreed time, downtime and outages by system and month. The time of a system is cut at every instant at which anything
-- begins or ends; each piece is then planned, down, or neither.
WITH spans AS (
  SELECT * FROM (
    SELECT o.system, unixepoch(o.started_at) AS starts,
           CASE WHEN unixepoch(o.ended_at) <= unixepoch(a.as_of) THEN unixepoch(o.ended_at)
                ELSE unixepoch(a.as_of) END AS ends,
           CASE WHEN o.planned AND o.ended_at IS NOT NULL AND unixepoch(o.announced_at) <= unixepoch(o.started_at)
                THEN 1 ELSE 0 END AS planned
    FROM outage o CROSS JOIN about a WHERE o.record_state = 'counts') t
  WHERE starts < ends
),
cuts AS (
  SELECT system, starts AS t FROM spans UNION SELECT system, ends FROM spans
  UNION SELECT system, served_from FROM system_months UNION SELECT system, served_until FROM system_months
),
pieces AS (SELECT system, t AS starts, lead(t) OVER (PARTITION BY system ORDER BY t) AS ends FROM cuts),
judged AS (
  SELECT p.system, p.starts, p.ends, p.ends - p.starts AS seconds,
         CASE WHEN EXISTS (SELECT 1 FROM spans x WHERE x.system = p.system AND x.planned = 1
                             AND x.starts < p.ends AND p.starts < x.ends) THEN 1 ELSE 0 END AS planned,
         CASE WHEN EXISTS (SELECT 1 FROM spans x WHERE x.system = p.system AND x.planned = 0
                             AND x.starts < p.ends AND p.starts < x.ends) THEN 1 ELSE 0 END AS down
  FROM pieces p WHERE p.ends IS NOT NULL
),
-- Outages that touch are one: it begins where nothing before it lasts so long.
begun AS (
  SELECT system, starts, max(ends) OVER (PARTITION BY system ORDER BY starts, ends
                                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM spans WHERE planned = 0
),
merged AS (SELECT system, starts FROM begun WHERE before IS NULL OR before < starts)
SELECT s.system, s.month,
       CAST(sum(CASE WHEN j.planned = 1 THEN 0 ELSE j.seconds END) AS BIGINT) AS agreed,
       CAST(sum(CASE WHEN j.planned = 0 AND j.down = 1 THEN j.seconds ELSE 0 END) AS BIGINT) AS downtime,
       (SELECT count(*) FROM merged b WHERE b.system = s.system AND b.starts >= s.starts AND b.starts < s.ends) AS outages
FROM system_months s
JOIN judged j ON j.system = s.system AND j.starts >= s.served_from AND j.ends <= s.served_until
GROUP BY s.system, s.month, s.starts, s.ends
