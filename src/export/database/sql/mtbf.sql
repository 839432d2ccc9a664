SELECT 'mtbf' AS figure, system, month AS period, NULL AS part,
       CASE WHEN outages > 0 THEN (agreed - downtime - (agreed - downtime) % outages) / outages END AS value,
       agreed - downtime AS numerator, outages AS denominator
FROM outage_months
