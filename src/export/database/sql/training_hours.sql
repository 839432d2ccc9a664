-- Of the whole organisation, by audience. Added up in whole millionths, so that the sum is exact.
SELECT 'training_hours' AS figure, NULL AS system, m.month AS period, c.name AS part,
       coalesce(sum(CAST(round(t.hours * 1000000) AS BIGINT)), 0) / 1000000.0 AS value,
       NULL AS numerator, NULL AS denominator
FROM months m JOIN choices c ON c.kind = 'training' AND c.field = 'audience'
LEFT JOIN training t ON t.record_month = m.month AND t.record_state = 'counts' AND t.audience = c.name
GROUP BY m.month, c.name
