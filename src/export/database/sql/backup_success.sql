-- Slots that lie wholly in the month.
SELECT 'backup_success' AS figure, s.system, s.month AS period, NULL AS part,
       count(CASE WHEN x.state = 'met' THEN 1 END) AS numerator,
       count(CASE WHEN x.state IN ('met', 'missed') THEN 1 END) AS denominator
FROM system_months s
LEFT JOIN slots x ON x.rule = 'backup.daily' AND x.system = s.system AND x.month = s.month AND x.first_day >= s.first_day
GROUP BY s.system, s.month
