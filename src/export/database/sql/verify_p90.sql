-- Nearest rank: the smallest value with at least 90 of a hundred at or below it.
SELECT 'verify_p90' AS figure, s.system, s.month AS period, c.name AS part,
       min(r.seconds) AS value, min(r.seconds) AS numerator, CASE WHEN count(r.seconds) > 0 THEN 1 ELSE 0 END AS denominator
FROM system_months s JOIN choices c ON c.kind = 'fault' AND c.field = 'grade'
LEFT JOIN verify_times r ON r.system = s.system AND r.month = s.month AND r.grade = c.name AND r.place * 100 >= 90 * r.n
GROUP BY s.system, s.month, c.name
