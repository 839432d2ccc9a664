WITH seen AS (
  SELECT system, record_month, 'cpu' AS resource, cpu AS used FROM shift WHERE record_state = 'counts'
  UNION ALL SELECT system, record_month, 'memory', memory FROM shift WHERE record_state = 'counts'
  UNION ALL SELECT system, record_month, 'disk', disk FROM shift WHERE record_state = 'counts'
),
resources AS (SELECT 'cpu' AS resource UNION ALL SELECT 'memory' UNION ALL SELECT 'disk')
SELECT 'capacity_max' AS figure, s.system, s.month AS period, c.resource AS part,
       max(r.used) AS value, NULL AS numerator, NULL AS denominator
FROM system_months s CROSS JOIN resources c
LEFT JOIN seen r ON r.system = s.system AND r.record_month = s.month AND r.resource = c.resource
GROUP BY s.system, s.month, c.resource
