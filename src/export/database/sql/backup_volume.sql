-- The sizes of the month's successes by type, in millions of bytes; one without a size is left out.
WITH sums AS (
  SELECT s.system, s.month, c.name, CAST(coalesce(sum(b.size), 0) AS BIGINT) AS bytes, count(b.size) AS n
  FROM system_months s JOIN choices c ON c.kind = 'backup' AND c.field = 'type'
  LEFT JOIN backup b ON b.system = s.system AND b.record_month = s.month AND b.record_state = 'counts'
                     AND b.result = 'success' AND b."type" = c.name
  GROUP BY s.system, s.month, c.name
)
SELECT 'backup_volume' AS figure, system, month AS period, name AS part,
       CASE WHEN n > 0 THEN bytes / 1000000.0 END AS value, bytes AS numerator,
       CASE WHEN n > 0 THEN 1 ELSE 0 END AS denominator
FROM sums
