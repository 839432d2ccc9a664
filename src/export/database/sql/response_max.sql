-- The longest of all.
SELECT 'response_max' AS figure, s.system, s.month AS period, c.name AS part,
       min(r.seconds) AS value, min(r.seconds) AS numerator, CASE WHEN count(r.seconds) > 0 THEN 1 ELSE 0 END AS denominator
FROM system_months s JOIN choices c ON c.kind = 'fault' AND c.field = 'grade'
LEFT JOIN response_times r ON r.system = s.system AND r.month = s.month AND r.grade = c.name AND r.place = r.n
GROUP BY s.system, s.month, c.name
