-- Nearest rank: the smallest value with at least half of all at or below it.
WITH ranked AS (
  SELECT system, record_month, response_ms,
         row_number() OVER (PARTITION BY system, record_month ORDER BY response_ms) AS place,
         count(*) OVER (PARTITION BY system, record_month) AS n
  FROM shift WHERE record_state = 'counts' AND response_ms IS NOT NULL
)
SELECT 'shift_response_median' AS figure, s.system, s.month AS period, NULL AS part,
       min(r.response_ms) AS value, NULL AS numerator, NULL AS denominator
FROM system_months s
LEFT JOIN ranked r ON r.system = s.system AND r.record_month = s.month AND r.place * 2 >= r.n
GROUP BY s.system, s.month
