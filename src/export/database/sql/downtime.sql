SELECT 'downtime' AS figure, system, month AS period, NULL AS part,
       CASE WHEN agreed > 0 THEN downtime END AS value, downtime AS numerator, agreed AS denominator
FROM outage_months
