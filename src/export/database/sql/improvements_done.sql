-- Of the whole organisation, by the day on which they were due; dropped ones are left out.
SELECT 'improvements_done' AS figure, NULL AS system, m.month AS period, NULL AS part,
       count(CASE WHEN i.status = 'done' THEN 1 END) AS numerator, count(i.due) AS denominator
FROM months m
LEFT JOIN improvement i ON i.due BETWEEN m.first_day AND m.last_day AND i.record_state = 'counts'
                        AND (i.status IS NULL OR i.status <> 'dropped')
GROUP BY m.month
