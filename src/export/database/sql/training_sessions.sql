-- Of the whole organisation, by audience.
SELECT 'training_sessions' AS figure, NULL AS system, m.month AS period, c.name AS part,
       count(t.audience) AS value, NULL AS numerator, NULL AS denominator
FROM months m JOIN choices c ON c.kind = 'training' AND c.field = 'audience'
LEFT JOIN training t ON t.record_month = m.month AND t.record_state = 'counts' AND t.audience = c.name
GROUP BY m.month, c.name
