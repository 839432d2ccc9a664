-- Shifts that were due: a waived one was not watched either.
SELECT 'coverage' AS figure, s.system, s.month AS period, NULL AS part,
       count(CASE WHEN x.state = 'met' THEN 1 END) AS numerator,
       count(CASE WHEN x.state IN ('met', 'missed', 'waived') THEN 1 END) AS denominator
FROM system_months s LEFT JOIN slots x ON x.system = s.system AND x.month = s.month AND x.shift IS NOT NULL
GROUP BY s.system, s.month
