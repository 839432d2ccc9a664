SELECT 'backup_first_attempt' AS figure, s.system, s.month AS period, NULL AS part,
       count(CASE WHEN b.result = 'success' THEN 1 END) AS numerator, count(b.started_at) AS denominator
FROM system_months s
LEFT JOIN backup b ON b.system = s.system AND b.record_month = s.month AND b.record_state = 'counts'
GROUP BY s.system, s.month
