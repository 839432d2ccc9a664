-- The readings over their number: in millionths of a percent, of 100 % each; both lines without the noughts that both end
-- in. The value is cut upwards to three decimals, which is against ourselves.
WITH RECURSIVE tens(ten) AS (
  SELECT CAST(1 AS BIGINT) UNION ALL SELECT ten * 10 FROM tens WHERE ten < 100000000000000000
),
seen AS (
  SELECT system, record_month, 'cpu' AS resource, cpu AS used FROM shift WHERE record_state = 'counts'
  UNION ALL SELECT system, record_month, 'memory', memory FROM shift WHERE record_state = 'counts'
  UNION ALL SELECT system, record_month, 'disk', disk FROM shift WHERE record_state = 'counts'
),
resources AS (SELECT 'cpu' AS resource UNION ALL SELECT 'memory' UNION ALL SELECT 'disk'),
sums AS (
  SELECT s.system, s.month, c.resource,
         CAST(coalesce(sum(CAST(round(r.used * 1000000) AS BIGINT)), 0) AS BIGINT) AS above,
         100000000 * count(r.used) AS below
  FROM system_months s CROSS JOIN resources c
  LEFT JOIN seen r ON r.system = s.system AND r.record_month = s.month AND r.resource = c.resource
  GROUP BY s.system, s.month, c.resource
),
shortest AS (
  SELECT s.system, s.month, s.resource, CAST(s.above / max(t.ten) AS BIGINT) AS above,
         CAST(s.below / max(t.ten) AS BIGINT) AS below
  FROM sums s JOIN tens t ON s.above % t.ten = 0 AND s.below % t.ten = 0 AND (s.below > 0 OR t.ten = 1)
  GROUP BY s.system, s.month, s.resource, s.above, s.below
)
SELECT 'capacity_mean' AS figure, system, month AS period, resource AS part,
       CASE WHEN below > 0
            THEN (above * 100000 + below - 1 - (above * 100000 + below - 1) % below) / below / 1000.0 END AS value,
       above AS numerator, below AS denominator
FROM shortest
