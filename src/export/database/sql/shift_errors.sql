SELECT 'shift_errors' AS figure, s.system, s.month AS period, NULL AS part,
       sum(r.errors) AS value, NULL AS numerator, NULL AS denominator
FROM system_months s JOIN shift r ON r.system = s.system AND r.record_month = s.month
WHERE r.record_state = 'counts' AND r.errors IS NOT NULL
GROUP BY s.system, s.month
