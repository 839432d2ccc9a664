SELECT 'outages' AS figure, system, month AS period, NULL AS part,
       outages AS value, NULL AS numerator, NULL AS denominator
FROM outage_months
