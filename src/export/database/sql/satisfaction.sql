-- The share of scores of 4 and 5; of fewer than five scores nothing is said.
WITH scores AS (
  SELECT system, record_month, satisfaction FROM support WHERE record_state = 'counts'
  UNION ALL SELECT system, record_month, satisfaction FROM feedback WHERE record_state = 'counts'
),
sums AS (
  SELECT s.system, s.month, count(CASE WHEN c.satisfaction >= 4 THEN 1 END) AS good, count(c.satisfaction) AS n
  FROM system_months s LEFT JOIN scores c ON c.system = s.system AND c.record_month = s.month
  GROUP BY s.system, s.month
)
SELECT 'satisfaction' AS figure, system, month AS period, NULL AS part,
       CASE WHEN n >= 5 THEN good END AS numerator, CASE WHEN n >= 5 THEN n END AS denominator
FROM sums
